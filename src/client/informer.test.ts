import { describe, expect, test } from 'vitest'
import { ConfigMaps, type KubeObject } from '../api/index.ts'
import { Simulation } from '../sim/index.ts'
import type { CacheIndex } from './controller.ts'
import { Informers } from './informers.ts'
import { MemoryApiServer } from './memory-api-server.testing.ts'
import { Wire } from './wire.ts'

const byTeam: CacheIndex<KubeObject> = {
  kind: ConfigMaps,
  name: 'team',
  values: object => (object.metadata.labels?.team ? [object.metadata.labels.team] : []),
  counters: { weight: object => Number(object.metadata.labels?.weight ?? 0) },
}
const map = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'default', labels },
})

function world() {
  const sim = new Simulation({ seed: 7 })
  const server = new MemoryApiServer(sim.root.child('apiserver'))
  const door: { server: MemoryApiServer | undefined } = { server }
  const wire = new Wire(sim)
  const scope = sim.root.child('client')
  const user = { name: 'tester', groups: [] }
  const api = wire.connect('client', 'apiserver', () => door.server, user, { scope })
  const informers = new Informers(scope, api)
  const informer = informers.of(ConfigMaps)
  const told: string[] = []
  informer.addIndex(byTeam)
  informer.addHandler({
    added: (_object, key) => told.push(`+${key}`),
    updated: (_object, _old, key) => told.push(`~${key}`),
    deleted: (_object, key) => told.push(`-${key}`),
  })
  return { sim, server, door, wire, informers, informer, told }
}

describe('an informer', () => {
  test('lists, then follows, and tells its handlers', () => {
    const { sim, server, informers, informer, told } = world()
    server.put(ConfigMaps, map('a'))
    informers.start()
    expect(informer.hasSynced).toBe(false)
    sim.advance(20)
    expect(informers.hasSynced).toBe(true)
    server.put(ConfigMaps, map('b'))
    server.put(ConfigMaps, map('a', { x: '1' }))
    server.remove(ConfigMaps, 'default/b')
    sim.advance(20)
    expect(told).toEqual(['+default/a', '+default/b', '~default/a', '-default/b'])
    expect(informer.all().map(object => object.metadata.name)).toEqual(['a'])
  })

  test('is one for all who ask, and tells latecomers what is there', () => {
    const { sim, server, informers, informer } = world()
    informers.start()
    server.put(ConfigMaps, map('a'))
    sim.advance(20)
    expect(informers.of(ConfigMaps)).toBe(informer)
    const late: string[] = []
    informer.addHandler({ added: (_object, key) => late.push(key) })
    expect(late).toEqual(['default/a'])
    expect(server.seen.filter(request => request.startsWith('list'))).toHaveLength(1)
  })

  test('runs handlers with the commit as their cause, one for each event of a batch', () => {
    const { sim, server, informers, informer } = world()
    informers.start()
    sim.advance(20)
    const causes: string[] = []
    informer.addHandler({
      added: () => {
        const record = sim.trace.read(sim.cause)
        causes.push(`${record?.label} ${record?.subject}`)
      },
    })
    server.put(ConfigMaps, map('a'))
    server.put(ConfigMaps, map('b'))
    sim.advance(20)
    expect(causes).toEqual(['memory-api-server/commit default/a', 'memory-api-server/commit default/b'])
  })

  test('keeps lists in key order and running sums', () => {
    const { sim, server, informers, informer } = world()
    informers.start()
    for (const name of ['c', 'a', 'b']) server.put(ConfigMaps, map(name, { team: 'red', weight: '2' }))
    sim.advance(20)
    const names = () => informer.list(byTeam, 'red').map(object => object.metadata.name)
    expect(names()).toEqual(['a', 'b', 'c'])
    expect(informer.sum(byTeam, 'red', 'weight')).toBe(6)
    server.put(ConfigMaps, map('b', { team: 'red', weight: '5' }))
    server.put(ConfigMaps, map('c', { team: 'blue', weight: '1' }))
    server.remove(ConfigMaps, 'default/a')
    sim.advance(20)
    expect(names()).toEqual(['b'])
    expect([informer.size(byTeam, 'red'), informer.sum(byTeam, 'red', 'weight')]).toEqual([1, 5])
    expect([informer.size(byTeam, 'blue'), informer.sum(byTeam, 'blue', 'weight')]).toEqual([1, 1])
  })

  test('resumes a broken watch from the last version seen, without listing again', () => {
    const { sim, server, informers, told } = world()
    informers.start()
    sim.advance(20)
    server.put(ConfigMaps, map('a'))
    sim.advance(20)
    server.closeWatches(undefined)
    server.put(ConfigMaps, map('b'))
    sim.advance(5_000)
    expect(told).toEqual(['+default/a', '+default/b'])
    expect(server.seen.filter(request => request.startsWith('list'))).toHaveLength(1)
  })

  test('lists again on 410 Gone and tells only the difference', () => {
    const { sim, server, informers, told, wire } = world()
    informers.start()
    for (const name of ['a', 'b', 'c']) server.put(ConfigMaps, map(name))
    sim.advance(20)
    told.length = 0
    wire.cut('client')
    server.remove(ConfigMaps, 'default/a')
    server.put(ConfigMaps, map('b', { x: '1' }))
    server.put(ConfigMaps, map('d'))
    server.compact()
    sim.advance(60_000)
    wire.heal()
    sim.advance(120_000)
    expect(told).toEqual(['~default/b', '+default/d', '-default/a'])
  })

  test('tries a server that is down again and again, ever more slowly', () => {
    const { sim, server, door, informers, informer } = world()
    door.server = undefined
    informers.start()
    const before = sim.events
    sim.advance(300_000)
    expect(sim.events - before).toBeLessThan(80)
    door.server = server
    sim.advance(61_000)
    expect(informer.hasSynced).toBe(true)
  })
})
