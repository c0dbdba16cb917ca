import { describe, expect, test } from 'vitest'
import { Simulation } from '../sim/index.ts'
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts'
import { WorkerPool } from './worker-pool.ts'

function world(options: WorkQueueOptions = {}) {
  const sim = new Simulation({ seed: 1 })
  let ready = 0
  const queue = new WorkQueue(sim.root, 'test', () => ready++, options)
  const drain = () => {
    const keys: string[] = []
    for (let item = queue.take(); item; item = queue.take()) {
      keys.push(item.key)
      queue.done(item.key)
    }
    return keys
  }
  return { sim, queue, drain, ready: () => ready }
}

describe('a work queue', () => {
  test('holds a key once, in the order of the first addition and with its cause', () => {
    const { queue } = world()
    queue.add('a', 11)
    queue.add('b', 12)
    queue.add('a', 13)
    expect(queue.take()).toEqual({ key: 'a', cause: 11 })
    expect(queue.take()).toEqual({ key: 'b', cause: 12 })
    expect(queue.take()).toBeUndefined()
  })

  test('gives a key that was added during its work only when that work is done', () => {
    const { queue } = world()
    queue.add('a', 1)
    queue.take()
    queue.add('a', 2)
    expect(queue.take()).toBeUndefined()
    queue.done('a')
    expect(queue.take()).toEqual({ key: 'a', cause: 2 })
  })

  test('adds later at the earliest of the asked times', () => {
    const { sim, queue, drain } = world()
    queue.addAfter('a', 500)
    queue.addAfter('a', 100)
    queue.addAfter('a', 300)
    sim.advance(99)
    expect(drain()).toEqual([])
    sim.advance(1)
    expect(drain()).toEqual(['a'])
    sim.advance(1_000)
    expect(drain()).toEqual([])
  })

  test('backs off 5, 10, 20 ms up to 1000 s, and starts anew once forgotten', () => {
    const { sim, queue, drain } = world({ qps: Number.POSITIVE_INFINITY })
    const delays: number[] = []
    for (let i = 0; i < 20; i++) {
      const start = sim.now
      queue.addRateLimited('a')
      sim.runUntil(() => false, 0)
      while (queue.length === 0) sim.step()
      delays.push(sim.now - start)
      drain()
    }
    expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40])
    expect(delays.at(-1)).toBe(1_000_000)
    queue.forget('a')
    expect(queue.failures('a')).toBe(0)
  })

  test('lets no more than a burst of 100 and 10 a second come back', () => {
    const { sim, queue, drain } = world()
    for (let i = 0; i < 120; i++) queue.addRateLimited(`k${i}`)
    sim.advance(5)
    expect(drain()).toHaveLength(100)
    sim.advance(2_000)
    expect(drain()).toHaveLength(20)
  })
})

describe('a worker pool', () => {
  test('works on so many keys at once and never twice on one', () => {
    const sim = new Simulation({ seed: 1 })
    const begun: string[] = []
    const label = sim.label('wait')
    const pool = new WorkerPool(sim.root, 'pool', { workers: 2 }, function* (key) {
      begun.push(key)
      yield {
        arm: process => {
          sim.root.schedule(100, label, () => process.resume(), undefined)
        },
      }
      return 'done' as const
    })
    for (const key of ['a', 'b', 'c']) pool.queue.add(key)
    sim.advance(10)
    expect(begun).toEqual([])
    pool.start()
    sim.advance(10)
    expect(begun).toEqual(['a', 'b'])
    pool.queue.add('a')
    sim.advance(100)
    expect(begun).toEqual(['a', 'b', 'c', 'a'])
  })
})
