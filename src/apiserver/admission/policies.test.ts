import { describe, expect, test } from 'vitest'
import {
  IngressClasses,
  Ingresses,
  LimitRanges,
  type Pod,
  Pods,
  PriorityClasses,
  type ResourceQuota,
  ResourceQuotas,
  RuntimeClasses,
  Services,
} from '../../api/index.ts'
import { pod, refusalOf, type World, worldWithAccount } from '../world.testing.ts'

const named = (apiVersion: string, kind: string, name: string, rest: object, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace && { namespace }) },
  ...rest,
})

const container = (resources: object = {}) => ({ containers: [{ name: 'web', image: 'nginx', resources }] })
const createPod = (world: World, spec: object = {}, name = 'a') =>
  world.ask<Pod>('create', Pods, 'default/', pod(name, { spec }))

describe('LimitRanger', () => {
  function world(item: object) {
    const made = worldWithAccount()
    made.create(LimitRanges, named('v1', 'LimitRange', 'l', { spec: { limits: [item] } }, 'default'))
    made.settle()
    return made
  }

  test('fills in defaults and says so', () => {
    const item = { type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '500m', memory: '1Gi' } }
    const stored = world(item).must<Pod>(createPod(world(item)))
    expect(stored.spec.containers[0]!.resources).toEqual({
      limits: { cpu: '1' },
      requests: { cpu: '500m', memory: '1Gi' },
    })
    expect(stored.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container web; cpu limit for container web',
    })
  })

  test.each([
    [
      { type: 'Container', max: { cpu: '1' } },
      { limits: { cpu: '2' } },
      'maximum cpu usage per Container is 1, but limit is 2',
    ],
    [
      { type: 'Container', min: { memory: '1Gi' } },
      { requests: { memory: '1Mi' } },
      'minimum memory usage per Container is 1Gi, but request is 1Mi',
    ],
    [
      { type: 'Pod', maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '100m' }, limits: { cpu: '300m' } },
      'cpu max limit to request ratio per Pod is 2, but provided ratio is 3.000000',
    ],
  ])('%j refuses %j', (item, resources, why) => {
    expect(refusalOf(createPod(world(item), container(resources)))).toBe(
      `403 Forbidden: pods "a" is forbidden: ${why}`,
    )
  })
})

describe('Priority', () => {
  const world = worldWithAccount()
  const high = { value: 1000, preemptionPolicy: 'Never' }
  world.create(PriorityClasses, named('scheduling.k8s.io/v1', 'PriorityClass', 'high', high))
  world.settle()

  test('gives pods the number of their class, 0 without one', () => {
    expect(world.must<Pod>(createPod(world, { priorityClassName: 'high' }, 'a')).spec).toMatchObject({
      priority: 1000,
      preemptionPolicy: 'Never',
    })
    expect(world.must<Pod>(createPod(world, {}, 'b')).spec).toMatchObject({
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
    })
  })

  test('knows the classes of the system', () => {
    const stored = world.must<Pod>(createPod(world, { priorityClassName: 'system-node-critical' }, 'c'))
    expect(stored.spec.priority).toBe(2_000_001_000)
  })

  test('refuses classes that do not exist and numbers of one’s own', () => {
    expect(refusalOf(createPod(world, { priorityClassName: 'low' }, 'd'))).toBe(
      '403 Forbidden: pods "d" is forbidden: no PriorityClass with name low was found',
    )
    expect(refusalOf(createPod(world, { priority: 7 }, 'd'))).toBe(
      '403 Forbidden: pods "d" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    )
  })
})

test('RuntimeClass gives pods its overhead', () => {
  const world = worldWithAccount()
  const body = {
    handler: 'kata',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: { nodeSelector: { vm: 'yes' } },
  }
  world.create(RuntimeClasses, named('node.k8s.io/v1', 'RuntimeClass', 'kata', body))
  world.settle()
  expect(world.must<Pod>(createPod(world, { runtimeClassName: 'kata' })).spec).toMatchObject({
    overhead: { cpu: '250m' },
    nodeSelector: { vm: 'yes' },
  })
  expect(refusalOf(createPod(world, { runtimeClassName: 'none' }, 'b'))).toBe(
    '403 Forbidden: pods "b" is forbidden: pod rejected: RuntimeClass "none" not found',
  )
})

test('DefaultIngressClass gives ingresses the default class', () => {
  const world = worldWithAccount()
  const group = 'networking.k8s.io/v1'
  const ingressClass = named(group, 'IngressClass', 'nginx', { spec: { controller: 'example.com/nginx' } })
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' }
  world.create(IngressClasses, { ...ingressClass, metadata: { ...ingressClass.metadata, annotations } })
  world.settle()
  const spec = { defaultBackend: { service: { name: 'web', port: { number: 80 } } } }
  expect(world.create(Ingresses, named(group, 'Ingress', 'web', { spec }, 'default'))).toMatchObject({
    spec: { ingressClassName: 'nginx' },
  })
})

describe('ResourceQuota', () => {
  function world(hard: Record<string, string>, spec: object = {}) {
    const made = worldWithAccount()
    const quota = made.create<ResourceQuota>(
      ResourceQuotas,
      named('v1', 'ResourceQuota', 'q', { spec: { hard, ...spec } }, 'default'),
    )
    const status = { hard, used: Object.fromEntries(Object.keys(hard).map(name => [name, '0'])) }
    made.must(made.ask('update', ResourceQuotas, 'default/q#status', { ...quota, status }))
    made.settle()
    return made
  }
  const used = (made: World) => {
    made.settle()
    return made.must<ResourceQuota>(made.ask('get', ResourceQuotas, 'default/q')).status.used
  }

  test('writes down what is taken and refuses more', () => {
    const made = world({ pods: '2' })
    createPod(made, {}, 'a')
    createPod(made, {}, 'b')
    expect(used(made)).toEqual({ pods: '2' })
    expect(refusalOf(createPod(made, {}, 'c'))).toBe(
      '403 Forbidden: pods "c" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
    )
  })

  test('two at once cannot take the same', () => {
    const made = world({ pods: '1' })
    const both = ['a', 'b'].map(name => made.send('create', Pods, 'default/', pod(name)))
    made.sim.advance(1000)
    expect(both.map(({ result }) => result?.ok).sort()).toEqual([false, true])
  })

  test('wants to be told what is limited', () => {
    const made = world({ 'limits.cpu': '1', 'requests.memory': '1Gi' })
    expect(refusalOf(createPod(made))).toBe(
      '403 Forbidden: pods "a" is forbidden: failed quota: q: must specify limits.cpu for: web; requests.memory for: web',
    )
    const resources = { limits: { cpu: '500m' }, requests: { memory: '2Gi' } }
    expect(refusalOf(createPod(made, container(resources)))).toBe(
      '403 Forbidden: pods "a" is forbidden: exceeded quota: q, requested: requests.memory=2Gi, used: requests.memory=0, limited: requests.memory=1Gi',
    )
  })

  test('counts what services take of ports, and by scope', () => {
    const made = world({ 'services.nodeports': '1', 'count/services': '5' })
    const spec = {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    }
    expect(
      refusalOf(made.ask('create', Services, 'default/', named('v1', 'Service', 's', { spec }, 'default'))),
    ).toContain(
      'exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1',
    )
    const scoped = world({ pods: '0' }, { scopes: ['Terminating'] })
    expect(createPod(scoped).ok).toBe(true)
    expect(createPod(scoped, { activeDeadlineSeconds: 5 }, 'b').ok).toBe(false)
  })

  test('takes nothing in a dry run', () => {
    const made = world({ pods: '1' })
    made.must(made.ask('create', Pods, 'default/', pod('a'), { dryRun: true }))
    expect(used(made)).toEqual({ pods: '0' })
  })
})
