import { describe, expect, test } from 'vitest'
import { ConfigMaps } from '../api/index.ts'
import { Scope, Simulation } from '../sim/index.ts'
import { type ApiResult, requestFor, type WatchEvent } from './api-port.ts'
import { MemoryApiServer } from './memory-api-server.testing.ts'
import { type ConnectOptions, Wire } from './wire.ts'

const USER = { name: 'tester', groups: [] }

function world(options: Omit<ConnectOptions, 'scope'> = {}) {
  const sim = new Simulation({ seed: 7 })
  const serverScope = sim.root.child('apiserver')
  const server = new MemoryApiServer(serverScope)
  const wire = new Wire(sim, { latencyMs: 2, jitterMs: 3 })
  const door: { server: MemoryApiServer | undefined } = { server }
  const scope = sim.root.child('client')
  const api = wire.connect('node-1', 'apiserver', () => door.server, USER, { ...options, scope })
  return { sim, server, serverScope, door, wire, api, scope }
}
const get = requestFor('get', ConfigMaps, 'default', 'a')
const map = (name: string) => ({ metadata: { name, namespace: 'default' } })

describe('a request over the wire', () => {
  test('takes a hop there and a hop back, one loop event each', () => {
    const { sim, api } = world()
    let code = -1
    let atMs = 0
    api.request(get, result => {
      code = result.code
      atMs = sim.now - sim.startMs
    })
    const before = sim.events
    sim.advance(100)
    expect(code).toBe(404)
    expect(atMs).toBeGreaterThanOrEqual(2 + 1 + 2)
    expect(atMs).toBeLessThanOrEqual(5 + 1 + 5)
    expect(sim.events - before).toBe(3)
  })

  test('arrives in the order it was sent', () => {
    const { sim, api, server } = world()
    const names = Array.from({ length: 50 }, (_, i) => `m${i}`)
    const answered: string[] = []
    for (const name of names) {
      api.request(requestFor('get', ConfigMaps, '', name), () => answered.push(name))
    }
    sim.advance(100)
    expect(server.seen).toEqual(names.map(name => `get configmaps ${name}`))
    expect(answered).toEqual(names)
  })

  test('times out with code 0 on a cut link, and costs no timer on a whole one', () => {
    const { sim, api, wire } = world({ timeoutMs: 10_000 })
    wire.cut('node-1', 'apiserver')
    const results: ApiResult<never>[] = []
    api.request(get, result => results.push(result))
    sim.advance(9_999)
    expect(results).toEqual([])
    sim.advance(1)
    expect(results[0]?.code).toBe(0)
    wire.heal('node-1', 'apiserver')
    api.request(get, result => results.push(result))
    sim.advance(50)
    expect(results[1]?.code).toBe(404)
    expect(sim.nextEventMs()).toBeUndefined()
  })

  test('on a cut link arrives once TCP tries again after the heal', () => {
    const { sim, api, wire, server } = world()
    wire.cut('node-1', 'apiserver')
    const results: ApiResult<never>[] = []
    api.request(get, result => results.push(result))
    sim.advance(20_000)
    wire.heal('node-1', 'apiserver')
    sim.advance(6_000)
    expect(results).toMatchObject([{ code: 404 }])
    expect(server.seen).toHaveLength(1)
    expect(sim.nextEventMs()).toBeUndefined()
  })

  test('whose answer is lost took effect all the same', () => {
    const { sim, api, wire, server } = world({ timeoutMs: 10_000 })
    let code = -1
    api.request(requestFor('create', ConfigMaps, 'default', 'a', { body: map('a') }), result => {
      code = result.code
    })
    sim.runUntil(() => server.seen.length > 0, 0)
    while (server.seen.length === 0) sim.step()
    wire.cut('apiserver')
    sim.advance(20_000)
    expect(code).toBe(0)
    expect(server.get(ConfigMaps, 'default/a')).toBeDefined()
  })

  test('is refused at once while the server is down, and fails when it dies with it', () => {
    const { sim, api, wire, door, serverScope } = world()
    const messages: (string | undefined)[] = []
    const keep = (result: ApiResult<never>) => messages.push(result.ok ? 'ok' : result.status.message)
    api.request(get, keep)
    while (door.server?.seen.length === 0) sim.step()
    serverScope.close()
    door.server = undefined
    wire.disconnect('apiserver')
    api.request(get, keep)
    sim.advance(20)
    expect(messages).toEqual(['unexpected EOF', 'dial tcp apiserver:6443: connect: connection refused'])
  })

  test('of a dead client is never answered', () => {
    const { sim, api, scope } = world()
    let isAnswered = false
    api.request(get, () => {
      isAnswered = true
    })
    scope.close()
    sim.advance(100)
    expect(isAnswered).toBe(false)
  })

  test('waits for the rate limit', () => {
    const { sim, api, wire } = world({ rateLimit: { qps: 10, burst: 2 } })
    let answers = 0
    for (let i = 0; i < 12; i++) api.request(get, () => answers++)
    sim.advance(50)
    expect(answers).toBe(2)
    sim.advance(1_000)
    expect(answers).toBe(12)
    expect(wire.requests).toBe(12)
    expect(wire.requestsOf('node-1')).toBe(12)
  })
})

describe('a slow link', () => {
  test('delays by a factor and an addend until it is healed', () => {
    const { sim, api, wire } = world()
    const took = () => {
      const start = sim.now
      let end = 0
      api.request(get, () => {
        end = sim.now
      })
      sim.advance(10_000)
      return end - start
    }
    wire.slow('apiserver', undefined, { latencyMs: 1000 })
    expect(took()).toBeGreaterThanOrEqual(2000)
    wire.slow('apiserver', undefined, { factor: 100 })
    expect(took()).toBeGreaterThanOrEqual(400)
    wire.heal('apiserver')
    expect(took()).toBeLessThan(20)
  })
})

describe('a watch over the wire', () => {
  const watch = (world_: ReturnType<typeof world>) => {
    const batches: WatchEvent[][] = []
    const ends: unknown[] = []
    const request = requestFor('watch', ConfigMaps, '', '', { options: { resourceVersion: '100' } })
    const handle = world_.api.watch(request, {
      deliver: events => batches.push([...events]),
      closed: status => ends.push(status?.message),
    })
    world_.sim.advance(20)
    const names = () => batches.flat().map(event => event.object.metadata.name)
    return { batches, ends, handle, names }
  }

  test('delivers what arrives in one millisecond at once', () => {
    const there = world()
    const { sim, server } = there
    const { batches, names } = watch(there)
    const wanted = Array.from({ length: 40 }, (_, i) => `m${i}`)
    for (const name of wanted) server.put(ConfigMaps, map(name))
    sim.advance(20)
    expect(names()).toEqual(wanted)
    expect(batches.length).toBeLessThanOrEqual(5)
  })

  test('keeps what was sent during a short cut, and breaks after 45 s of silence', () => {
    const there = world()
    const { sim, server, wire } = there
    const { ends, names } = watch(there)
    wire.cut('node-1', 'apiserver')
    server.put(ConfigMaps, map('a'))
    sim.advance(30_000)
    expect(names()).toEqual([])
    wire.heal()
    server.put(ConfigMaps, map('b'))
    sim.advance(20)
    expect(names()).toEqual(['a', 'b'])
    wire.cut('node-1')
    sim.advance(44_999)
    expect(ends).toEqual([])
    sim.advance(1)
    expect(ends).toEqual([undefined])
    expect(server.watchers).toBe(0)
  })

  test('asked for on a cut link opens once TCP tries again after the heal', () => {
    const there = world()
    const { sim, server, wire } = there
    wire.cut('node-1', 'apiserver')
    const { ends } = watch(there)
    sim.advance(20_000)
    wire.heal()
    sim.advance(6_000)
    expect(server.watchers).toBe(1)
    sim.advance(60_000)
    expect(ends).toEqual([])
  })

  test('ends at the server when the client stops it or dies', () => {
    const there = world()
    const { sim, server, wire, scope } = there
    const { handle } = watch(there)
    watch(there)
    expect(server.watchers).toBe(2)
    handle.stop()
    sim.advance(20)
    expect(server.watchers).toBe(1)
    scope.close()
    wire.disconnect('node-1')
    expect(server.watchers).toBe(0)
  })

  test('breaks when the server dies and is refused while it is down', () => {
    const there = world()
    const { sim, wire, door } = there
    const first = watch(there)
    door.server = undefined
    wire.disconnect('apiserver')
    sim.advance(20)
    expect(first.ends).toEqual([undefined])
    expect(watch(there).ends).toEqual(['dial tcp apiserver:6443: connect: connection refused'])
  })
})

test('links do not disturb one another: another client shifts nobody elses delays', () => {
  const arrivals = (withOther: boolean) => {
    const sim = new Simulation({ seed: 3 })
    const server = new MemoryApiServer(new Scope(sim, 'apiserver'))
    const wire = new Wire(sim, { latencyMs: 1, jitterMs: 20 })
    const api = wire.connect('a', 'apiserver', () => server, USER)
    const other = wire.connect('b', 'apiserver', () => server, USER)
    const times: number[] = []
    for (let i = 0; i < 20; i++) {
      if (withOther) other.request(get, () => {})
      api.request(get, () => times.push(sim.now))
      sim.advance(100)
    }
    return times
  }
  expect(arrivals(true)).toEqual(arrivals(false))
})
