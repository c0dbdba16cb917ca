import { describe, expect, test } from 'vitest'
import { ConfigMaps, Deployments, type KubeObject, Namespaces, type Pod, Pods } from '../api/index.ts'
import { configMap, deployment, pod, refusalOf, World, worldWithAccount } from './world.testing.ts'

const bound = (world: World, name: string, more: Parameters<typeof pod>[1] = {}) =>
  world.create<Pod>(Pods, pod(name, { ...more, spec: { nodeName: 'n1', ...more.spec } }))

describe('what has nothing to wait for', () => {
  test('is gone at once, and the answer says what went', () => {
    const world = new World()
    const stored = world.create(Deployments, deployment('web', 1))
    expect(world.ask('delete', Deployments, 'default/web')).toEqual({
      ok: true,
      code: 200,
      object: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'web', group: 'apps', kind: 'deployments', uid: stored.metadata.uid },
      },
    })
    expect(refusalOf(world.ask('delete', Deployments, 'default/web'))).toBe(
      '404 NotFound: deployments.apps "web" not found',
    )
  })

  test('is shown for the last time with the revision of its deletion', () => {
    const world = new World()
    const stored = world.create(ConfigMaps, configMap('a', { x: '1' }))
    const watched = world.watch(ConfigMaps, 'default/')
    world.ask('delete', ConfigMaps, 'default/a')
    world.settle()
    const last = watched.events.at(-1)
    expect(last).toMatchObject({ type: 'DELETED', key: 'default/a', object: { data: { x: '1' } } })
    expect(Number(last?.object.metadata.resourceVersion)).toBe(Number(stored.metadata.resourceVersion) + 1)
  })

  test.each([
    [{ uid: 'other' }, 'the UID in the precondition (other) does not match the UID in record'],
    [{ resourceVersion: '1' }, 'the ResourceVersion in the precondition (1) does not match'],
  ])('stays when the precondition %j does not hold', (preconditions, words) => {
    const world = new World()
    world.create(ConfigMaps, configMap('a'))
    expect(refusalOf(world.ask('delete', ConfigMaps, 'default/a', undefined, { preconditions }))).toContain(
      words,
    )
    expect(world.ask('get', ConfigMaps, 'default/a').ok).toBe(true)
  })

  test('stays in a dry run', () => {
    const world = new World()
    world.create(ConfigMaps, configMap('a'))
    expect(world.ask('delete', ConfigMaps, 'default/a', undefined, { dryRun: true }).ok).toBe(true)
    expect(world.ask('get', ConfigMaps, 'default/a').ok).toBe(true)
  })
})

describe('a pod on a node', () => {
  test('is given its grace period first', () => {
    const world = worldWithAccount()
    bound(world, 'a')
    const result = world.ask<Pod>('delete', Pods, 'default/a')
    expect(result).toMatchObject({
      ok: true,
      object: {
        kind: 'Pod',
        metadata: { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 },
      },
    })
  })

  test('may be hurried, never given more time', () => {
    const world = worldWithAccount()
    bound(world, 'a')
    const ask = (gracePeriodSeconds: number) =>
      world.must<Pod>(world.ask('delete', Pods, 'default/a', undefined, { gracePeriodSeconds })).metadata
        .deletionGracePeriodSeconds
    expect([ask(20), ask(60), ask(5)]).toEqual([20, 20, 5])
    expect(world.server.counters.conflicts).toBe(0)
  })

  test('is gone when the kubelet says 0', () => {
    const world = worldWithAccount()
    bound(world, 'a')
    world.ask('delete', Pods, 'default/a')
    const last = world.ask<Pod>('delete', Pods, 'default/a', undefined, { gracePeriodSeconds: 0 })
    expect(last).toMatchObject({ ok: true, object: { kind: 'Pod' } })
    expect(world.ask('get', Pods, 'default/a').ok).toBe(false)
  })

  test('with a finalizer waits for it even then', () => {
    const world = worldWithAccount()
    bound(world, 'a', { metadata: { finalizers: ['example.com/count'] } })
    world.ask('delete', Pods, 'default/a')
    const held = world.must<Pod>(world.ask('delete', Pods, 'default/a', undefined, { gracePeriodSeconds: 0 }))
    expect(held.metadata.deletionGracePeriodSeconds).toBe(0)
    const patch = { metadata: { finalizers: null } }
    world.must(world.ask('patch', Pods, 'default/a', patch, { patchType: 'merge' }))
    expect(world.ask('get', Pods, 'default/a').ok).toBe(false)
  })
})

describe('a finalizer', () => {
  const held = () => {
    const world = new World()
    world.create(ConfigMaps, {
      ...configMap('a'),
      metadata: { name: 'a', namespace: 'default', finalizers: ['a.b/c'] },
    })
    return world
  }

  test('keeps a deleted object until it is taken off', () => {
    const world = held()
    const deleting = world.must<KubeObject>(world.ask('delete', ConfigMaps, 'default/a'))
    expect(deleting.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    })
    const { writes } = world.server.counters
    world.ask('delete', ConfigMaps, 'default/a')
    expect(world.server.counters.writes).toBe(writes)
    world.ask('update', ConfigMaps, 'default/a', {
      ...deleting,
      metadata: { ...deleting.metadata, finalizers: [] },
    })
    expect(world.ask('get', ConfigMaps, 'default/a').ok).toBe(false)
  })

  test('is gone from the answer to whoever took it off', () => {
    const world = held()
    world.ask('delete', ConfigMaps, 'default/a')
    const patch = [{ op: 'remove', path: '/metadata/finalizers' }]
    const answer = world.must<KubeObject>(
      world.ask('patch', ConfigMaps, 'default/a', patch, { patchType: 'json' }),
    )
    expect(answer.metadata.finalizers).toBeUndefined()
    expect(world.ask('get', ConfigMaps, 'default/a').ok).toBe(false)
  })

  test('cannot be added any more', () => {
    const world = held()
    world.ask('delete', ConfigMaps, 'default/a')
    const patch = { metadata: { finalizers: ['a.b/c', 'a.b/d'] } }
    const result = world.ask('patch', ConfigMaps, 'default/a', patch, { patchType: 'merge' })
    expect(refusalOf(result)).toContain('no new finalizers can be added if the object is being deleted')
  })
})

describe('propagation', () => {
  test.each([
    ['Foreground', 202, ['foregroundDeletion']],
    ['Orphan', 200, ['orphan']],
  ] as const)('%s leaves the object to the garbage collector', (propagationPolicy, code, finalizers) => {
    const world = new World()
    world.create(Deployments, deployment('web', 1))
    const result = world.ask('delete', Deployments, 'default/web', undefined, { propagationPolicy })
    expect(result).toMatchObject({ ok: true, code, object: { metadata: { finalizers } } })
  })

  test('Background, asked for later, lets it go', () => {
    const world = new World()
    world.create(Deployments, deployment('web', 1))
    world.ask('delete', Deployments, 'default/web', undefined, { propagationPolicy: 'Foreground' })
    world.ask('delete', Deployments, 'default/web', undefined, { propagationPolicy: 'Background' })
    expect(world.ask('get', Deployments, 'default/web').ok).toBe(false)
  })
})

test('a namespace stays Terminating until it is finalized', () => {
  const world = new World()
  world.create(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  const deleting = world.must<KubeObject>(world.ask('delete', Namespaces, 'shop'))
  expect(deleting).toMatchObject({ status: { phase: 'Terminating' }, spec: { finalizers: ['kubernetes'] } })
  expect(deleting.metadata).not.toHaveProperty('deletionGracePeriodSeconds')
  world.must(world.ask('update', Namespaces, 'shop#finalize', { ...deleting, spec: { finalizers: [] } }))
  expect(world.ask('get', Namespaces, 'shop').ok).toBe(false)
})

test('deletecollection takes what its selector selects', () => {
  const world = new World()
  for (const [name, app] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
  ] as const) {
    world.create(ConfigMaps, {
      ...configMap(name),
      metadata: { name, namespace: 'default', labels: { app } },
    })
  }
  const result = world.ask('deletecollection', ConfigMaps, 'default/', undefined, { labelSelector: 'app=x' })
  expect(result.ok).toBe(true)
  world.settle()
  expect(world.server.readAll(ConfigMaps).map(o => o.metadata.name)).toEqual(['b'])
})
