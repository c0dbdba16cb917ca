import { describe, expect, test } from 'vitest'
import {
  ConfigMaps,
  type Deployment,
  Deployments,
  type KubeObject,
  Leases,
  type Pod,
  Pods,
} from '../api/index.ts'
import { configMap, deployment, pod, refusalOf, World, worldWithAccount } from './world.testing.ts'

describe('a new object', () => {
  test('gets its identity from the server', () => {
    const world = new World()
    const stored = world.create<KubeObject>(ConfigMaps, {
      ...configMap('a'),
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: 'mine',
        resourceVersion: '',
        creationTimestamp: null,
      },
    })
    expect(stored.metadata.uid).not.toBe('mine')
    expect(stored.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z')
    world.settle()
    expect(Number(stored.metadata.resourceVersion)).toBe(world.server.revision)
  })

  test('has no empty lists where Go leaves them out', () => {
    const world = new World()
    const metadata = { name: 'a', namespace: 'default', ownerReferences: [], finalizers: [] }
    const stored = world.create<KubeObject>(ConfigMaps, { ...configMap('a'), metadata })
    expect(Object.keys(stored.metadata)).not.toContain('ownerReferences')
    expect(Object.keys(stored.metadata)).not.toContain('finalizers')
  })

  test('is frozen, and is the very value that etcd, caches and watchers hold', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, 'default/')
    const stored = world.create(ConfigMaps, configMap('a'))
    world.settle()
    expect(Object.isFrozen(stored) && Object.isFrozen(stored.metadata)).toBe(true)
    expect(world.etcd.store.get('/registry/configmaps/default/a')?.value).toBe(stored)
    expect(watched.events[0]?.object).toBe(stored)
    expect(world.server.read(ConfigMaps, 'default', 'a')).toBe(stored)
  })

  test('cannot take a name that is taken', () => {
    const world = new World()
    world.create(ConfigMaps, configMap('a'))
    expect(refusalOf(world.ask('create', ConfigMaps, 'default/', configMap('a')))).toBe(
      '409 AlreadyExists: configmaps "a" already exists',
    )
  })

  test('gets a name from generateName', () => {
    const world = new World()
    const metadata = { generateName: 'web-', namespace: 'default' }
    const names = [1, 2, 3].map(() => world.create(ConfigMaps, { ...configMap(''), metadata }).metadata.name)
    for (const name of names) expect(name).toMatch(/^web-[a-z0-9]{5}$/)
    expect(new Set(names).size).toBe(3)
  })

  test('of another namespace than the URL says is refused', () => {
    const result = new World().ask('create', ConfigMaps, 'kube-system/', configMap('a'))
    expect(refusalOf(result)).toBe(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    )
  })

  test('is not stored by a dry run', () => {
    const world = new World()
    const result = world.ask('create', ConfigMaps, 'default/', configMap('a'), { dryRun: true })
    expect(result).toMatchObject({ ok: true, code: 201, object: { metadata: { name: 'a' } } })
    expect(world.ask('get', ConfigMaps, 'default/a').ok).toBe(false)
  })
})

describe('an update', () => {
  test('from a stale copy is refused', () => {
    const world = new World()
    const first = world.create<KubeObject>(ConfigMaps, configMap('a'))
    world.must(world.ask('update', ConfigMaps, 'default/a', { ...first, data: { x: '1' } }))
    const stale = world.ask('update', ConfigMaps, 'default/a', { ...first, data: { x: '2' } })
    expect(refusalOf(stale)).toBe(
      '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    )
    expect(world.server.counters.conflicts).toBe(1)
  })

  test('of an object that was made anew is refused by its uid', () => {
    const world = new World()
    const first = world.create<KubeObject>(ConfigMaps, configMap('a'))
    world.must(world.ask('delete', ConfigMaps, 'default/a'))
    world.create(ConfigMaps, configMap('a'))
    const result = world.ask('update', ConfigMaps, 'default/a', {
      ...first,
      metadata: { ...first.metadata, resourceVersion: '' },
    })
    expect(refusalOf(result)).toContain(`Precondition failed: UID in precondition: ${first.metadata.uid}`)
  })

  test('that changes nothing commits nothing', () => {
    const world = new World()
    const first = world.create<KubeObject>(ConfigMaps, configMap('a', { x: '1' }))
    const { writes } = world.server.counters
    const again = world.ask('update', ConfigMaps, 'default/a', { ...first, data: { x: '1' } })
    expect(again).toMatchObject({ ok: true, object: { metadata: first.metadata } })
    expect(world.server.counters.writes).toBe(writes)
  })

  test('of something that is not there is refused, but creates a Lease', () => {
    const world = new World()
    expect(refusalOf(world.ask('update', ConfigMaps, 'default/a', configMap('a')))).toBe(
      '404 NotFound: configmaps "a" not found',
    )
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'n', namespace: 'default' },
      spec: { holderIdentity: 'n', leaseDurationSeconds: 40 },
    }
    expect(world.ask('update', Leases, 'default/n', lease)).toMatchObject({ ok: true, code: 201 })
  })

  test('counts the generation up when the spec changes, not when labels or status do', () => {
    const world = new World()
    const first = world.create<Deployment>(Deployments, deployment('web', 3))
    expect(first.metadata.generation).toBe(1)
    const labelled = world.must<Deployment>(
      world.ask('update', Deployments, 'default/web', {
        ...first,
        metadata: { ...first.metadata, labels: { a: 'b' } },
      }),
    )
    expect(labelled.metadata.generation).toBe(1)
    const scaled = world.must<Deployment>(
      world.ask('update', Deployments, 'default/web', {
        ...labelled,
        spec: { ...labelled.spec, replicas: 4 },
      }),
    )
    expect(scaled.metadata.generation).toBe(2)
  })

  test('of the object leaves the status, of the status leaves the object', () => {
    const world = new World()
    const first = world.create<Deployment>(Deployments, deployment('web', 3))
    const wrong = { ...first, spec: { ...first.spec, replicas: 9 }, status: { replicas: 2 } }
    const status = world.must<Deployment>(world.ask('update', Deployments, 'default/web#status', wrong))
    expect([status.spec.replicas, status.status.replicas]).toEqual([3, 2])
    expect(status.spec).toBe(first.spec)
    const spec = world.must<Deployment>(
      world.ask('update', Deployments, 'default/web', { ...wrong, metadata: status.metadata, status: {} }),
    )
    expect([spec.spec.replicas, spec.status.replicas]).toEqual([9, 2])
  })

  test('sent with another, ends as if they had come one after the other', () => {
    const world = new World()
    world.create(ConfigMaps, configMap('a', { n: '0' }))
    const patches = [1, 2, 3, 4].map(i =>
      world.send('patch', ConfigMaps, 'default/a', { data: { [`k${i}`]: 'x' } }, { patchType: 'merge' }),
    )
    world.sim.advance(1000)
    expect(patches.every(patch => patch.result?.ok)).toBe(true)
    const stored = world.server.read(ConfigMaps, 'default', 'a') as { data?: object }
    expect(Object.keys(stored.data ?? {}).sort()).toEqual(['k1', 'k2', 'k3', 'k4', 'n'])
  })
})

describe('a patch', () => {
  test('of each type does what it says', () => {
    const world = new World()
    world.create(Deployments, deployment('web', 3))
    const container = () => {
      const { spec } = world.server.read(Deployments, 'default', 'web') as Deployment
      return spec.template.spec!.containers.map(c => c.image)
    }
    const strategic = { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }] } } } }
    world.must(world.ask('patch', Deployments, 'default/web', strategic, { patchType: 'strategic' }))
    world.settle()
    expect(container()).toEqual(['nginx:2'])
    const json = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'nginx:3' }]
    world.must(world.ask('patch', Deployments, 'default/web', json, { patchType: 'json' }))
    world.settle()
    expect(container()).toEqual(['nginx:3'])
    const merge = { spec: { replicas: 5 } }
    const merged = world.must<Deployment>(
      world.ask('patch', Deployments, 'default/web', merge, { patchType: 'merge' }),
    )
    expect([merged.spec.replicas, merged.metadata.generation]).toEqual([5, 4])
  })

  test.each([
    ['an unknown type', {}, {}, '415 UnsupportedMediaType'],
    [
      'another name',
      { metadata: { name: 'z' } },
      { patchType: 'merge' },
      '400 BadRequest: the name of the object (z)',
    ],
    ['an old version', { metadata: { resourceVersion: '1' } }, { patchType: 'merge' }, '409 Conflict'],
    [
      'another creation time',
      { metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } },
      { patchType: 'merge' },
      '422 Invalid',
    ],
    [
      'a failing test',
      [{ op: 'test', path: '/data/x', value: '2' }],
      { patchType: 'json' },
      '422 Invalid: the server rejected our request due to an error in our request',
    ],
    ['no object', 'x', { patchType: 'strategic' }, '400 BadRequest'],
  ] as const)('with %s is refused', (_, body, options, refusal) => {
    const world = new World()
    world.create(ConfigMaps, configMap('a', { x: '1' }))
    expect(refusalOf(world.ask('patch', ConfigMaps, 'default/a', body, options))).toContain(refusal)
  })
})

describe('what comes over a wire is checked against the schema', () => {
  const body = () => ({ ...deployment('web', 1), spec: { ...deployment('web', 1).spec, replica: 3 } })

  test('an unknown field is refused when that is asked for', () => {
    const world = new World()
    const asked = world.send('create', Deployments, 'default/', body(), {
      isFromWire: true,
      fieldValidation: 'Strict',
    })
    world.settle()
    expect(refusalOf(asked.result)).toBe(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
    )
  })

  test('or warned about and dropped', () => {
    const world = new World()
    const asked = world.send<Deployment>('create', Deployments, 'default/', body(), { isFromWire: true })
    world.settle()
    expect(asked.result).toMatchObject({ ok: true, warnings: ['unknown field "spec.replica"'] })
    expect(asked.result?.ok && asked.result.object.spec).not.toHaveProperty('replica')
  })

  test('a value of the wrong type is refused', () => {
    const world = new World()
    const wrong = { ...deployment('web', 1), spec: { ...deployment('web', 1).spec, replicas: 'many' } }
    const asked = world.send('create', Deployments, 'default/', wrong, { isFromWire: true })
    world.settle()
    expect(refusalOf(asked.result)).toContain(
      'cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas',
    )
  })
})

describe('subresources', () => {
  test('scale reads and writes the replicas', () => {
    const world = new World()
    world.create(Deployments, deployment('web', 3))
    expect(world.ask('get', Deployments, 'default/web#scale')).toMatchObject({
      object: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        spec: { replicas: 3 },
        status: { replicas: 0, selector: 'app=web' },
      },
    })
    const patch = { spec: { replicas: 5 } }
    const scaled = world.ask('patch', Deployments, 'default/web#scale', patch, { patchType: 'merge' })
    expect(scaled).toMatchObject({ ok: true, object: { kind: 'Scale', spec: { replicas: 5 } } })
    world.settle()
    expect(world.server.read(Deployments, 'default', 'web')).toMatchObject({
      spec: { replicas: 5 },
      metadata: { generation: 2 },
    })
  })

  test('binding gives a pod its node, once', () => {
    const world = worldWithAccount()
    world.create<Pod>(Pods, pod('a'))
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'a' },
      target: { kind: 'Node', name: 'n1' },
    }
    expect(world.ask('create', Pods, 'default/a#binding', binding)).toMatchObject({
      ok: true,
      code: 201,
      object: { kind: 'Status', status: 'Success' },
    })
    expect(world.ask('get', Pods, 'default/a')).toMatchObject({ object: { spec: { nodeName: 'n1' } } })
    expect(refusalOf(world.ask('create', Pods, 'default/a#binding', binding))).toContain(
      'already assigned to node',
    )
  })

  test('that the kind does not have are not found', () => {
    const world = new World()
    expect(refusalOf(world.ask('get', ConfigMaps, 'default/a#scale'))).toBe(
      '404 NotFound: the server could not find the requested resource',
    )
  })

  test.each([
    ['get', 'default/a#binding'],
    ['delete', 'default/a#status'],
  ] as const)('know no %s of %s', (verb, path) => {
    const world = worldWithAccount()
    world.create(Pods, pod('a'))
    expect(refusalOf(world.ask(verb, Pods, path))).toContain('405 MethodNotAllowed')
  })
})
