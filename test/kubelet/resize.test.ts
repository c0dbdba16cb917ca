import { describe, expect, test } from 'vitest'
import { type Pod, Pods } from '../../src/api/index.ts'
import type { ApiResult } from '../../src/client/index.ts'
import { conditions, World } from './world.ts'

interface Amounts {
  readonly requests?: Readonly<Record<string, string>>
  readonly limits?: Readonly<Record<string, string | null>>
}

const SMALL = { requests: { cpu: '500m', memory: '64Mi' } }

function withPod(resources: Amounts = SMALL, more: object = {}): World {
  const world = new World()
  world.sim.advance(1_000)
  world.pod('web', { containers: [{ name: 'web', image: 'nginx:1.27', resources, ...more } as never] })
  world.untilReady('web')
  return world
}

function resize(world: World, resources: Amounts, name = 'web', container = 'web'): ApiResult<Pod> {
  return world.ask<Pod>('patch', Pods, 'default', name, {
    subresource: 'resize',
    body: { spec: { containers: [{ name: container, resources }] } },
    options: { patchType: 'strategic' },
  })
}

const refusal = (result: ApiResult<Pod>) => (result.ok ? 'accepted' : result.status.message)
const given = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]
const types = (pod: Pod | undefined) => conditions(pod).split(' ')[0]

describe('a pod that is resized', () => {
  test('gets it in place: told first, then done', () => {
    const world = withPod()
    const { containerID } = given(world.get('web'))!
    const more = { requests: { cpu: '1', memory: '64Mi' } }
    expect(refusal(resize(world, more))).toBe('accepted')
    const told = world.until('web', pod => types(pod) === 'PodResizeInProgress=True')
    expect(given(told)).toMatchObject({ allocatedResources: more.requests, resources: SMALL })
    const done = world.until('web', pod => types(pod) !== 'PodResizeInProgress=True', 3_000)
    expect(given(done)).toMatchObject({
      allocatedResources: more.requests,
      resources: more,
      containerID,
      restartCount: 0,
    })
    expect(conditions(done)).not.toContain('Resize')
  })

  test('starts again where its policy says so', () => {
    const world = withPod(SMALL, {
      resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }],
    })
    resize(world, { requests: { cpu: '600m' } })
    world.sim.advance(3_000)
    expect(given(world.get('web'))).toMatchObject({
      restartCount: 0,
      resources: { requests: { cpu: '600m' } },
    })
    resize(world, { requests: { memory: '128Mi' } })
    const again = world.until('web', pod => given(pod)?.restartCount === 1)
    expect(given(again)?.resources?.requests).toEqual({ cpu: '600m', memory: '128Mi' })
    expect(world.events('web')).toContain('Normal Killing: Container web resize requires restart')
    expect(conditions(world.untilReady('web'))).not.toContain('Resize')
  })

  test('waits while others use the room, and gets it once they are gone', () => {
    const world = withPod()
    world.pod('other', {
      containers: [{ name: 'c', image: 'nginx:1.27', resources: { requests: { cpu: '3' } } }],
    })
    world.untilReady('other')
    resize(world, { requests: { cpu: '2' } })
    const waiting = world.until('web', pod => conditions(pod).includes('PodResizePending'))!
    expect(waiting.status.conditions![0]).toMatchObject({
      type: 'PodResizePending',
      status: 'True',
      reason: 'Deferred',
      message: "Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000",
    })
    expect(given(waiting)?.allocatedResources).toEqual(SMALL.requests)
    world.delete('other', { gracePeriodSeconds: 0 })
    const done = world.until('web', pod => given(pod)?.resources?.requests?.cpu === '2', 120_000)
    expect(conditions(world.until('web', pod => !conditions(pod).includes('Resize')))).toContain('Ready=True')
    expect(given(done)?.restartCount).toBe(0)
  })

  test('never gets what the node has not', () => {
    const world = withPod()
    resize(world, { requests: { cpu: '1000' } })
    const pod = world.until('web', found => conditions(found).includes('PodResizePending'))!
    expect(pod.status.conditions![0]).toMatchObject({
      reason: 'Infeasible',
      message: "Node didn't have enough capacity: cpu, requested: 1000000, capacity: 4000",
    })
    expect(given(pod)?.resources).toEqual(SMALL)
    resize(world, SMALL)
    world.until('web', found => !conditions(found).includes('Resize'))
  })

  test('keeps what it was given over a restart of the kubelet', () => {
    const world = withPod()
    resize(world, { requests: { cpu: '1' } })
    world.sim.advance(5_000)
    const before = world.get('web')!
    world.crashKubelet()
    resize(world, { requests: { cpu: '1000' } })
    world.startKubelet()
    const pod = world.until('web', found => conditions(found).includes('PodResizePending=True(Infeasible)'))
    expect(given(pod)).toEqual(given(before))
  })
})

const LIMITED = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '200m', memory: '128Mi' } }

test.each<[string, Amounts, string]>([
  [
    'another class',
    { requests: { cpu: '200m', memory: '128Mi' } },
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ],
  [
    'limits taken away',
    { limits: { cpu: null } },
    'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
  ],
  [
    'less memory without a restart',
    { limits: { memory: '100Mi' } },
    'spec.containers[0].resources.limits[memory]: Forbidden: memory limits cannot be decreased unless resizePolicy is RestartContainer',
  ],
  [
    'another resource',
    { requests: { 'ephemeral-storage': '1Gi' } },
    'spec: Forbidden: only cpu and memory resources are mutable',
  ],
  [
    'more than the limit',
    { requests: { cpu: '300m' } },
    'spec.containers[0].resources.requests: Invalid value: "300m": must be less than or equal to cpu limit of 200m',
  ],
])('a resize to %s is refused', (_, resources, why) => {
  expect(refusal(resize(withPod(LIMITED), resources))).toBe(`Pod "web" is invalid: ${why}`)
})

test('a resize changes nothing else, and conflicts over an old version', () => {
  const world = withPod()
  const pod = world.get('web')!
  const [container] = pod.spec.containers
  const body = {
    ...pod,
    metadata: { ...pod.metadata, labels: { a: 'b' } },
    spec: {
      ...pod.spec,
      containers: [{ ...container!, image: 'nginx:1.28', resources: { requests: { cpu: '1' } } }],
    },
  }
  const removed = world.ask<Pod>('update', Pods, 'default', 'web', { subresource: 'resize', body })
  expect(refusal(removed)).toContain('resource requests cannot be removed')
  const resources = { requests: { cpu: '1', memory: '64Mi' } }
  body.spec.containers[0]!.resources = resources
  const answer = world.must<Pod>('update', Pods, 'default', 'web', { subresource: 'resize', body })
  expect(answer.spec.containers[0]).toEqual({ ...container, resources })
  expect(answer.metadata.labels).toBeUndefined()
  const late = world.ask<Pod>('update', Pods, 'default', 'web', { subresource: 'resize', body })
  expect(refusal(late)).toContain('the object has been modified')
})

describe('a new image', () => {
  const setImage = (world: World, image: string) =>
    world.must('patch', Pods, 'default', 'web', {
      body: { spec: { containers: [{ name: 'web', image }] } },
      options: { patchType: 'strategic' },
    })

  test('restarts its container', () => {
    const world = withPod()
    setImage(world, 'nginx:1.28')
    const pod = world.until('web', found => given(found)?.restartCount === 1)
    expect(given(pod)?.image).toBe('docker.io/library/nginx:1.28')
    expect(world.events('web')).toContain(
      'Normal Killing: Container web definition changed, will be restarted',
    )
  })

  test('ends the wait for one that could not be pulled', () => {
    const world = new World()
    world.sim.advance(1_000)
    world.pod('web', { containers: [{ name: 'web', image: 'nginks:1.27' }] })
    world.until('web', pod => given(pod)?.state?.waiting?.reason === 'ImagePullBackOff')
    setImage(world, 'nginx:1.27')
    expect(given(world.untilReady('web', 5_000))?.restartCount).toBe(0)
  })
})
