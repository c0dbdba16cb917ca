import { describe, expect, test } from 'vitest'
import { ConfigMaps, defineKind, Events, KINDS, type KubeObject, Namespaces, Scheme } from '../api/index.ts'
import type { EtcdPort } from '../etcd/index.ts'
import { configMap, refusalOf, World } from './world.testing.ts'

const event = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'Pod', name: 'a', namespace: 'default' },
  reason: 'Started',
  message: 'Started container',
  type: 'Normal',
})

describe('a crash', () => {
  test('leaves requests unanswered, and what was committed committed', () => {
    const world = new World()
    const asked = world.send('create', ConfigMaps, 'default/', configMap('a'))
    world.crash()
    world.settle()
    expect(asked.result).toBeUndefined()
    world.restart()
    expect(world.ask('get', ConfigMaps, 'default/a').ok).toBe(true)
  })

  test('is over when the next server has read etcd: requests wait for that', () => {
    const world = new World()
    world.create(ConfigMaps, configMap('a'))
    world.restart()
    const asked = world.send('get', ConfigMaps, 'default/a')
    expect(world.server.isReady).toBe(false)
    world.settle()
    expect(asked.result?.ok).toBe(true)
    expect(world.server.readAll(Namespaces)).toHaveLength(4)
  })

  test('makes watches begin again: the new server remembers no changes', () => {
    const world = new World()
    const a = world.create(ConfigMaps, configMap('a'))
    world.create(ConfigMaps, configMap('b'))
    world.restart()
    world.settle()
    const watched = world.watch(ConfigMaps, '/', { resourceVersion: a.metadata.resourceVersion })
    expect(watched.closed?.status).toMatchObject({ code: 410 })
  })
})

test('an etcd that does not answer makes requests time out after a minute', () => {
  const world = new World()
  world.etcdScope.close()
  const asked = world.send('create', ConfigMaps, 'default/', configMap('a'))
  world.sim.advance(59_999)
  expect(asked.result).toBeUndefined()
  world.sim.advance(1)
  expect(refusalOf(asked.result)).toBe(
    '504 Timeout: Timeout: request did not complete within the allotted timeout',
  )
})

test('a server that finds no etcd tries until there is one', () => {
  let isAway = true
  const world = new World()
  const real = world.etcd
  const etcd: EtcdPort<KubeObject> = {
    range(request, reply) {
      if (isAway) reply({ ok: false, error: { code: 'NotFound', message: 'away' } })
      else real.range(request, reply)
    },
    txn: (request, reply) => real.txn(request, reply),
    optimisticWrite: write => real.optimisticWrite(write),
    watch: (request, sink) => real.watch(request, sink),
    compact: (revision, reply) => real.compact(revision, reply),
    leaseGrant: (ttl, reply) => real.leaseGrant(ttl, reply),
    leaseRevoke: (id, reply) => real.leaseRevoke(id, reply),
    leaseKeepAlive: (id, reply) => real.leaseKeepAlive(id, reply),
    leaseTimeToLive: (id, reply) => real.leaseTimeToLive(id, reply),
  }
  world.restart({ etcd })
  world.sim.advance(5000)
  expect(world.server.isReady).toBe(false)
  isAway = false
  world.sim.advance(1000)
  expect(world.server.isReady).toBe(true)
})

describe('Events', () => {
  test('are forgotten after an hour, and share their leases', () => {
    const world = new World()
    const watched = world.watch(Events, 'default/', { timeoutSeconds: 100_000 })
    for (const name of ['a', 'b']) world.create(Events, event(name))
    world.sim.advance(3600_000)
    expect(world.server.readAll(Events)).toHaveLength(2)
    world.sim.advance(61_000)
    expect(world.server.readAll(Events)).toHaveLength(0)
    expect(watched.story()).toEqual(['ADDED a', 'ADDED b', 'DELETED a', 'DELETED b'])
  })

  test('that are counted on live on', () => {
    const world = new World()
    world.create(Events, event('a'))
    world.sim.advance(1800_000)
    world.must(world.ask('patch', Events, 'default/a', { count: 2 }, { patchType: 'merge' }))
    world.sim.advance(1900_000)
    expect(world.server.readAll(Events)).toHaveLength(1)
  })
})

test('a kind defined while the server runs is served, with what etcd has of it', () => {
  const scheme = new Scheme(KINDS)
  const world = new World({ scheme })
  const widgets = defineKind({
    group: 'example.com',
    version: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    singular: 'widget',
    isNamespaced: true,
  })
  const widget = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'default' },
  }
  expect(refusalOf(world.ask('create', widgets, 'default/', widget))).toBe(
    '404 NotFound: the server could not find the requested resource',
  )
  scheme.add(widgets)
  const watched = world.watch(widgets, '/')
  world.create(widgets, widget)
  world.settle()
  expect(watched.story()).toEqual(['ADDED w'])
  world.restart()
  expect(world.ask('get', widgets, 'default/w').ok).toBe(true)
})

test('one seed gives one history, another seed another', () => {
  const history = (seed: number) => {
    const world = new World({ seed })
    for (let i = 0; i < 5; i++) {
      world.create(ConfigMaps, { ...configMap(''), metadata: { generateName: 'x-', namespace: 'default' } })
    }
    world.settle()
    return `${world.sim.trace.digest()} ${JSON.stringify(world.server.readAll(ConfigMaps))}`
  }
  expect(history(7)).toBe(history(7))
  expect(history(7)).not.toBe(history(8))
})

test('requests are counted by resource and verb', () => {
  const world = new World()
  world.create(ConfigMaps, configMap('a'))
  world.ask('get', ConfigMaps, 'default/a')
  world.ask('get', ConfigMaps, 'default/b')
  const rows = world.server.counters.rows().filter(({ resource }) => resource === 'configmaps')
  expect(rows).toEqual([
    { resource: 'configmaps', verb: 'get', count: 2 },
    { resource: 'configmaps', verb: 'create', count: 1 },
  ])
})
