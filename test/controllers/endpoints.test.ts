/** Endpoints and their slices as pods come, go and change, against a real API server. */
import { describe, expect, test } from 'vitest'
import {
  type EndpointSlice,
  EndpointSlices,
  Endpoints,
  type EndpointsObject,
  Pods,
  Services,
} from '../../src/api/index.ts'
import { requestFor } from '../../src/client/index.ts'
import { ControlPlane } from './control-plane.ts'

const labels = { app: 'web' }

function cluster(spec: object = {}, options: { updatesBatchMs?: number } = {}) {
  const plane = new ControlPlane(options)
  plane.addNode('node-1', { 'topology.kubernetes.io/zone': 'a' })
  plane.create(Services, {
    metadata: { name: 'web', namespace: 'default', labels: { tier: 'front' } },
    spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  })
  plane.sim.advance(1_000)
  const slices = () =>
    plane.list<EndpointSlice>(EndpointSlices, 'default', { labelSelector: 'kubernetes.io/service-name=web' })
  const endpoints = () => plane.get<EndpointsObject>(Endpoints, 'default', 'web')
  const shown = () =>
    slices()
      .flatMap(slice => slice.endpoints ?? [])
      .map(({ addresses, conditions }) => {
        const { ready, serving, terminating } = conditions ?? {}
        return `${addresses[0]} ${ready ? 'ready' : 'not ready'}${serving ? ' serving' : ''}${terminating ? ' terminating' : ''}`
      })
      .sort()
  return { plane, slices, endpoints, shown }
}

describe('the endpoints of a Service', () => {
  test('begin with one empty slice and an empty Endpoints', () => {
    const { slices, endpoints } = cluster()
    expect(slices()).toHaveLength(1)
    const [slice] = slices()
    expect(slice).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: {
          tier: 'front',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
      },
      addressType: 'IPv4',
    })
    expect(slice?.endpoints ?? []).toEqual([])
    expect(endpoints()?.subsets ?? []).toEqual([])
    expect(endpoints()?.metadata.labels).toMatchObject({
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    })
  })

  test('follow a pod from its address over readiness to its end', () => {
    const { plane, slices, endpoints, shown } = cluster()
    const { name } = slices()[0]!.metadata
    plane.addPod('a', { labels, spec: { nodeName: 'node-1' } })
    plane.sim.advance(500)
    expect(shown()).toEqual([])
    plane.setPod('a', { ip: '10.244.0.2', isReady: false })
    plane.sim.advance(500)
    expect(shown()).toEqual(['10.244.0.2 not ready'])
    expect(endpoints()?.subsets).toMatchObject([{ notReadyAddresses: [{ ip: '10.244.0.2' }] }])
    plane.setPod('a', { ip: '10.244.0.2' })
    plane.sim.advance(500)
    expect(shown()).toEqual(['10.244.0.2 ready serving'])
    expect(slices()).toMatchObject([
      {
        metadata: { name },
        endpoints: [
          {
            addresses: ['10.244.0.2'],
            nodeName: 'node-1',
            zone: 'a',
            targetRef: { kind: 'Pod', namespace: 'default', name: 'a' },
          },
        ],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
    ])
    expect(endpoints()?.subsets).toMatchObject([
      {
        addresses: [{ ip: '10.244.0.2', nodeName: 'node-1', targetRef: { name: 'a' } }],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
    ])
    plane.delete(Pods, 'default', 'a')
    plane.sim.advance(500)
    expect(shown()).toEqual(['10.244.0.2 not ready serving terminating'])
    expect(endpoints()?.subsets ?? []).toEqual([])
    plane.delete(Pods, 'default', 'a', { gracePeriodSeconds: 0 })
    plane.sim.advance(500)
    expect(shown()).toEqual([])
    expect(slices().map(slice => slice.metadata.name)).toEqual([name])
  })

  test('leave out pods that lose the label, finish, or stand on an unknown node', () => {
    const { plane, shown } = cluster()
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      plane.addPod(name, { labels, spec: { nodeName: name === 'c' ? 'nowhere' : 'node-1' } })
      plane.setPod(name, { ip: `10.244.0.${i + 2}` })
    }
    plane.sim.advance(500)
    expect(shown()).toEqual(['10.244.0.2 ready serving', '10.244.0.3 ready serving'])
    plane.patch(Pods, 'default', 'a', { metadata: { labels: { app: 'other' } } })
    plane.setPod('b', { phase: 'Succeeded' })
    plane.sim.advance(500)
    expect(shown()).toEqual([])
    plane.addNode('nowhere')
    plane.sim.advance(20_000)
    expect(shown()).toEqual(['10.244.0.4 ready serving'])
  })

  test('with named target ports lie in slices of their own, by what each pod offers', () => {
    const { plane, slices, endpoints } = cluster({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] })
    for (const [i, containerPort] of [8080, 8081, 8080].entries()) {
      const containers = [{ name: 'c', image: 'nginx', ports: [{ name: 'web', containerPort }] }]
      plane.addPod(`p${i}`, { labels, spec: { nodeName: 'node-1', containers } })
      plane.setPod(`p${i}`, { ip: `10.244.0.${i + 2}` })
    }
    plane.sim.advance(1_000)
    const found = slices().map(slice => [slice.ports?.[0]?.port, slice.endpoints?.length])
    expect(found.sort()).toEqual([
      [8080, 2],
      [8081, 1],
    ])
    expect(
      endpoints()
        ?.subsets?.map(subset => subset.addresses?.length)
        .sort(),
    ).toEqual([1, 2])
  })

  test('publish what is not ready where the Service says so, and mark headless ones', () => {
    const { plane, shown, slices } = cluster({ publishNotReadyAddresses: true, clusterIP: 'None' })
    plane.addPod('a', { labels, spec: { nodeName: 'node-1' } })
    plane.setPod('a', { ip: '10.244.0.2', isReady: false })
    plane.sim.advance(500)
    expect(shown()).toEqual(['10.244.0.2 ready'])
    expect(slices()[0]?.metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '')
  })

  test('are repaired when somebody else meddles, and go with the Service', () => {
    const { plane, slices, shown, endpoints } = cluster()
    plane.addPod('a', { labels, spec: { nodeName: 'node-1' } })
    plane.setPod('a', { ip: '10.244.0.2' })
    plane.sim.advance(500)
    plane.patch(EndpointSlices, 'default', slices()[0]!.metadata.name, { endpoints: [] })
    plane.sim.advance(3_000)
    expect(shown()).toEqual(['10.244.0.2 ready serving'])
    plane.delete(EndpointSlices, 'default', slices()[0]!.metadata.name)
    plane.delete(Endpoints, 'default', 'web')
    plane.sim.advance(3_000)
    expect(shown()).toEqual(['10.244.0.2 ready serving'])
    expect(endpoints()?.subsets).toHaveLength(1)
    plane.delete(Services, 'default', 'web')
    plane.sim.advance(3_000)
    expect(slices()).toEqual([])
    expect(endpoints()).toBeUndefined()
  })

  test('survive a crash of the controllers without a write', () => {
    const { plane, slices } = cluster()
    for (let i = 0; i < 120; i++) {
      plane.addPod(`p${i}`, { labels, spec: { nodeName: 'node-1' } })
      plane.setPod(`p${i}`, { ip: `10.244.0.${i + 2}` })
    }
    plane.sim.advance(1_000)
    const versions = () => slices().map(slice => slice.metadata.resourceVersion)
    const before = versions()
    plane.crashManager()
    plane.sim.advance(5_000)
    plane.startManager()
    plane.sim.advance(5_000)
    expect(versions()).toEqual(before)
  })
})

describe('a Service over many pods', () => {
  const PODS = 1_500

  test('fills slices of a hundred, caps Endpoints at a thousand, and one pod changes one slice', () => {
    const { plane, slices, endpoints } = cluster({}, { updatesBatchMs: 1_000 })
    let answered = 0
    const send = (request: ReturnType<typeof requestFor>) => plane.admin.request(request, () => answered++)
    for (let i = 0; i < PODS; i++) {
      const metadata = { name: `p${i}`, namespace: 'default', labels }
      const spec = { nodeName: 'node-1', containers: [{ name: 'c', image: 'nginx' }] }
      const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec }
      send(requestFor('create', Pods, 'default', metadata.name, { body }))
    }
    plane.sim.advance(10_000)
    for (let i = 0; i < PODS; i++) {
      const ip = `10.${i >> 8}.${i & 255}.2`
      const conditions = [{ type: 'Ready', status: 'True' }]
      const body = { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions } }
      const options = { patchType: 'merge' as const }
      send(requestFor('patch', Pods, 'default', `p${i}`, { body, subresource: 'status', options }))
    }
    plane.sim.advance(20_000)
    expect(answered).toBe(2 * PODS)
    expect(slices().map(slice => slice.endpoints?.length)).toEqual(Array.from({ length: 15 }, () => 100))
    expect(endpoints()?.subsets?.[0]?.addresses).toHaveLength(1_000)
    expect(endpoints()?.metadata.annotations).toMatchObject({
      'endpoints.kubernetes.io/over-capacity': 'truncated',
    })
    const before = new Map(slices().map(slice => [slice.metadata.name, slice.metadata.resourceVersion]))
    plane.setPod('p777', { ip: '10.3.9.2', isReady: false })
    plane.sim.advance(5_000)
    const changed = slices().filter(
      slice => before.get(slice.metadata.name) !== slice.metadata.resourceVersion,
    )
    expect(changed).toHaveLength(1)
  })
})
