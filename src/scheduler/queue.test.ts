import { describe, expect, test } from 'vitest'
import { Simulation } from '../sim/index.ts'
import { EVENTS } from './cluster-event.ts'
import { defaultPlugins } from './plugins/index.ts'
import { Profile } from './profile.ts'
import { backoffMs, type QueueItem, SchedulingQueue } from './queue.ts'
import { node, pod, requesting } from './test-objects.ts'

const FIT = new Set(['NodeResourcesFit'])
const NOBODY = new Set<string>()
const gone = { oldPod: pod('gone', { nodeName: 'a' }) }

/** A queue on a loop of its own; nobody pops unless the test does. */
function setUp() {
  const sim = new Simulation({ seed: 1 })
  const profile = new Profile(defaultPlugins({ request() {}, watch: () => ({ stop() {} }) }))
  let calls = 0
  const queue = new SchedulingQueue(sim.root, profile, () => calls++)
  const reject = (item: QueueItem, by: ReadonlySet<string> = FIT) =>
    queue.addRejected(item, item.info.pod, by)
  /** Pops the pod and rejects it, `times` over, letting its back-off pass in between. */
  const attempt = (times: number, by = FIT) => {
    for (let i = 0; i < times; i++) {
      if (i > 0) {
        queue.move(EVENTS.assignedPodDelete, gone)
        sim.advance(20_000)
      }
      reject(queue.pop()!, by)
    }
  }
  return { sim, queue, reject, attempt, readyCalls: () => calls }
}

const names = (queue: SchedulingQueue) => {
  const list: string[] = []
  for (let item = queue.pop(); item; item = queue.pop()) list.push(item.info.pod.metadata.name)
  return list
}

describe('the active queue', () => {
  test('gives the more important first, then the older, then the first come', () => {
    const { sim, queue } = setUp()
    queue.add(pod('first'))
    queue.add(pod('second'))
    sim.advance(5)
    queue.add(pod('urgent', { priority: 1000 }))
    queue.add(pod('late'))
    queue.add(pod('idle', { priority: -1 }))
    expect(names(queue)).toEqual(['urgent', 'first', 'second', 'late', 'idle'])
    expect(queue.cycle).toBe(5)
  })

  test('forgets pods that are deleted', () => {
    const { queue } = setUp()
    queue.add(pod('a'))
    queue.add(pod('b'))
    queue.delete('uid-a')
    expect(names(queue)).toEqual(['b'])
  })
})

describe('a rejected pod', () => {
  test('waits until something happens that could help it', () => {
    const { sim, queue, attempt } = setUp()
    queue.add(pod('web', requesting({ cpu: '2' })))
    attempt(1)
    expect(queue.counts).toMatchObject({ unschedulable: 1, inFlight: 0 })
    queue.move(EVENTS.assignedPodAdd, gone)
    queue.move(EVENTS.nodeAdd, { node: node('small', { allocatable: { cpu: '1' } }) })
    sim.advance(60_000)
    expect(queue.counts).toMatchObject({ unschedulable: 1 })
    queue.move(EVENTS.nodeAdd, { node: node('large') })
    expect(queue.counts).toMatchObject({ active: 1, unschedulable: 0 })
  })

  test('that is woken early backs off, but an idle scheduler takes it at once', () => {
    const { queue, attempt } = setUp()
    queue.add(pod('web'))
    attempt(1)
    queue.move(EVENTS.assignedPodDelete, gone)
    expect(queue.counts).toMatchObject({ active: 0, backoff: 1 })
    queue.add(pod('other'))
    expect(names(queue)).toEqual(['other', 'web'])
  })

  test('does not miss what happens while it is being tried', () => {
    const { queue, reject } = setUp()
    queue.add(pod('web'))
    const item = queue.pop()!
    queue.move(EVENTS.assignedPodDelete, gone)
    reject(item)
    expect(queue.counts).toMatchObject({ backoff: 1, unschedulable: 0 })
  })

  test('what happened before it was popped does not wake it', () => {
    const { queue, attempt } = setUp()
    queue.add(pod('web'))
    queue.move(EVENTS.assignedPodDelete, gone)
    attempt(1)
    expect(queue.counts).toMatchObject({ unschedulable: 1 })
  })

  test('is tried again after five minutes, at the next half minute, whatever happens', () => {
    const { sim, queue, attempt, readyCalls } = setUp()
    queue.add(pod('web'))
    sim.advance(1)
    attempt(1)
    const before = readyCalls()
    sim.advance(330_000 - 2)
    expect(queue.counts.unschedulable).toBe(1)
    sim.advance(1)
    expect(queue.counts).toMatchObject({ active: 1, unschedulable: 0 })
    expect(readyCalls()).toBe(before + 1)
  })

  test('is woken by a change of itself', () => {
    const { queue, attempt } = setUp()
    const before = pod('web')
    queue.add(before)
    attempt(1, new Set(['TaintToleration']))
    queue.update({ ...before, status: { phase: 'Pending', message: 'x' } }, before)
    expect(queue.counts.unschedulable).toBe(1)
    queue.update(pod('web', { tolerations: [{ operator: 'Exists' }] }), before)
    expect(queue.counts.backoff).toBe(1)
  })

  test('leaves nothing behind on the loop when it goes', () => {
    const { sim, queue, attempt } = setUp()
    queue.add(pod('web'))
    attempt(1)
    queue.delete('uid-web')
    sim.advance(400_000)
    expect(sim.nextEventMs()).toBeUndefined()
  })
})

describe('back-off', () => {
  test.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [4, 8000],
    [5, 10_000],
    [50, 10_000],
  ])('after %i attempts is %i ms', (attempts, ms) => expect(backoffMs(attempts)).toBe(ms))

  test('after an error is sat out, to the end of the window of a second in which it ends', () => {
    const { sim, queue, attempt } = setUp()
    queue.add(pod('web'))
    sim.advance(300)
    attempt(1, NOBODY)
    expect(queue.pop()).toBeUndefined()
    // 300 ms + 1 s ends in the second window, which is flushed whole when it is over.
    sim.advance(1699)
    expect(queue.counts.active).toBe(0)
    sim.advance(1)
    expect(queue.counts).toMatchObject({ active: 1, backoff: 0 })
  })

  test('grows with every attempt', () => {
    const { sim, queue, attempt } = setUp()
    queue.add(pod('web'))
    attempt(3)
    queue.move(EVENTS.assignedPodDelete, gone)
    sim.advance(4999)
    expect(queue.counts.backoff).toBe(1)
    sim.advance(1)
    expect(queue.counts.active).toBe(1)
  })
})

describe('a gated pod', () => {
  const gated = pod('web', { schedulingGates: [{ name: 'a.io/x' }] })

  test('is never given out, nor woken by what happens around it', () => {
    const { sim, queue } = setUp()
    queue.add(gated)
    queue.move(EVENTS.assignedPodDelete, gone)
    sim.advance(700_000)
    expect(queue.pop()).toBeUndefined()
    expect(sim.events).toBe(0)
  })

  test('is ready when its last gate is removed, without back-off', () => {
    const { queue } = setUp()
    queue.add(gated)
    queue.update(pod('web', { schedulingGates: [] }), gated)
    expect(queue.counts).toMatchObject({ active: 1, unschedulable: 0 })
    expect(queue.pop()?.attempts).toBe(1)
  })
})
