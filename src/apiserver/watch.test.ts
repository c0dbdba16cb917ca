import { describe, expect, test } from 'vitest'
import { ConfigMaps, type Pod, Pods } from '../api/index.ts'
import { LIMITS } from '../sim/index.ts'
import { configMap, pod, World, worldWithAccount } from './world.testing.ts'

describe('a watch', () => {
  test('without a version begins with what is there', () => {
    const world = new World()
    world.create(ConfigMaps, configMap('a'))
    world.settle()
    const watched = world.watch(ConfigMaps, '/')
    expect(watched.story()).toEqual(['ADDED a'])
    world.create(ConfigMaps, configMap('b'))
    world.settle()
    expect(watched.story()).toEqual(['ADDED a', 'ADDED b'])
  })

  test('from a version gets what happened since, once, then what happens', () => {
    const world = new World()
    const a = world.create(ConfigMaps, configMap('a'))
    world.must(world.ask('update', ConfigMaps, 'default/a', { ...a, data: { x: '1' } }))
    world.create(ConfigMaps, configMap('b'))
    const watched = world.watch(ConfigMaps, '/', { resourceVersion: a.metadata.resourceVersion })
    world.ask('delete', ConfigMaps, 'default/b')
    world.settle()
    expect(watched.story()).toEqual(['MODIFIED a', 'ADDED b', 'DELETED b'])
  })

  test('from a version that is too long ago is told so', () => {
    const world = new World()
    const first = world.create(ConfigMaps, configMap('a'))
    let last = first
    for (let i = 0; i < 2 * LIMITS.watchCacheChanges; i++) {
      last = world.must(world.ask('update', ConfigMaps, 'default/a', { ...last, data: { x: `${i}` } }))
    }
    world.settle()
    const watched = world.watch(ConfigMaps, '/', { resourceVersion: first.metadata.resourceVersion })
    expect(watched.closed?.status).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/),
    })
  })

  test('gets the changes of one millisecond in one delivery, in order of commit', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, '/')
    for (const name of ['c', 'a', 'b']) world.send('create', ConfigMaps, 'default/', configMap(name))
    world.settle()
    expect(watched.story()).toEqual(['ADDED c', 'ADDED a', 'ADDED b'])
    expect(watched.deliveries).toHaveLength(1)
  })

  test('is told of each change with the commit that made it', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, '/')
    for (const name of ['a', 'b']) world.send('create', ConfigMaps, 'default/', configMap(name))
    world.settle()
    const commits = watched.events.map(({ cause }) => world.sim.trace.read(cause))
    expect(commits.map(commit => [commit?.label, commit?.subject])).toEqual([
      ['etcd/put', '/registry/configmaps/default/a'],
      ['etcd/put', '/registry/configmaps/default/b'],
    ])
  })

  test('stopped hears nothing more', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, '/')
    world.send('create', ConfigMaps, 'default/', configMap('a'))
    watched.stop()
    world.settle()
    expect(watched.events).toEqual([])
  })
})

describe('selectors', () => {
  test('make of a change what it means to the watcher', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, '/', { labelSelector: 'app=web' })
    const label = (app: string) =>
      world.must(
        world.ask(
          'patch',
          ConfigMaps,
          'default/a',
          { metadata: { labels: { app } } },
          { patchType: 'merge' },
        ),
      )
    world.create(ConfigMaps, configMap('a'))
    for (const app of ['web', 'web', 'db', 'web']) label(app)
    world.must(world.ask('patch', ConfigMaps, 'default/a', { data: { x: '1' } }, { patchType: 'merge' }))
    world.ask('delete', ConfigMaps, 'default/a')
    world.settle()
    expect(watched.story()).toEqual(['ADDED a', 'DELETED a', 'ADDED a', 'MODIFIED a', 'DELETED a'])
  })

  test('by node: a kubelet hears of its own pods and of none else', () => {
    const world = worldWithAccount()
    const [one, two] = ['n1', 'n2'].map(node =>
      world.watch(Pods, '/', { fieldSelector: `spec.nodeName=${node}` }),
    )
    const bind = (name: string, node: string) =>
      world.must(
        world.ask('create', Pods, `default/${name}#binding`, { target: { kind: 'Node', name: node } }),
      )
    for (const name of ['a', 'b']) world.create<Pod>(Pods, pod(name))
    bind('a', 'n1')
    bind('b', 'n2')
    world.ask('delete', Pods, 'default/a', undefined, { gracePeriodSeconds: 0 })
    world.settle()
    expect(one?.story()).toEqual(['ADDED a', 'DELETED a'])
    expect(two?.story()).toEqual(['ADDED b'])
  })

  test('by name: of one object', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, 'default/', { fieldSelector: 'metadata.name=b' })
    for (const name of ['a', 'b', 'c']) world.create(ConfigMaps, configMap(name))
    world.create(ConfigMaps, configMap('b', {}, 'kube-public'))
    world.settle()
    expect(watched.events.map(({ key }) => key)).toEqual(['default/b'])
  })

  test('by namespace', () => {
    const world = new World()
    const watched = world.watch(ConfigMaps, 'kube-public/')
    world.create(ConfigMaps, configMap('a'))
    world.create(ConfigMaps, configMap('a', {}, 'kube-public'))
    world.settle()
    expect(watched.events.map(({ key }) => key)).toEqual(['kube-public/a'])
  })
})

describe('an idle watch', () => {
  test('is kept current by bookmarks, if it wants them', () => {
    const world = new World()
    const [wants, not] = [true, false].map(allowWatchBookmarks =>
      world.watch(Pods, '/', { allowWatchBookmarks, timeoutSeconds: 3600 }),
    )
    world.create(ConfigMaps, configMap('a'))
    world.sim.advance(10 * 60_000)
    expect(wants?.events.map(e => [e.type, e.object.metadata.resourceVersion])).toEqual([
      ['BOOKMARK', String(world.server.revision)],
    ])
    expect(not?.events).toEqual([])
  })

  test('ends when its time is up', () => {
    const world = new World()
    const [short, standard] = [300, undefined].map(timeoutSeconds =>
      world.watch(Pods, '/', { timeoutSeconds }),
    )
    world.sim.advance(301_000)
    expect([short?.closed, standard?.closed]).toEqual([{ status: undefined }, undefined])
    world.sim.advance(3600_000)
    expect(standard?.closed).toEqual({ status: undefined })
  })
})

describe('a watch that asks for the initial events', () => {
  const STREAM = {
    sendInitialEvents: true,
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: true,
  } as const

  test('gets them and a bookmark that says that these were all', () => {
    const world = new World()
    world.create(ConfigMaps, configMap('a'))
    world.settle()
    const watched = world.watch(ConfigMaps, 'default/', STREAM)
    world.settle()
    world.create(ConfigMaps, configMap('b'))
    world.settle()
    expect(watched.story()).toEqual(['ADDED a', 'BOOKMARK ', 'ADDED b'])
    const { metadata } = watched.events[1]!.object
    expect(metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' })
    expect(Number(metadata.resourceVersion)).toBeGreaterThan(0)
  })

  test('waits for a version that has not come', () => {
    const world = new World()
    const { revision } = world.server
    const watched = world.watch(ConfigMaps, 'default/', { ...STREAM, resourceVersion: String(revision + 1) })
    world.settle()
    expect(watched.story()).toEqual([])
    world.create(ConfigMaps, configMap('a'))
    world.settle()
    expect(watched.story()).toEqual(['ADDED a', 'BOOKMARK '])
  })

  const wrong: [object, string][] = [
    [{ sendInitialEvents: true }, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
    [
      { resourceVersionMatch: 'NotOlderThan' },
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
  ]
  test.each(wrong)('%o is refused', (options, message) => {
    const world = new World()
    const watched = world.watch(ConfigMaps, 'default/', options)
    world.settle()
    const text = `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ${message}`
    expect(watched.closed).toMatchObject({ status: { message: text } })
  })
})
