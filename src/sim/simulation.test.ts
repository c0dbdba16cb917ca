/** The loop: order, cancelling, lifetimes, and stopping exactly where asked. */
import { describe, expect, test } from 'vitest'
import { Bug } from './errors.ts'
import { Pacer } from './pacer.ts'
import { EPOCH_MS, formatTime, Simulation } from './simulation.ts'

function world(seed = 1) {
  const sim = new Simulation({ seed })
  const label = sim.label('test/event')
  const ran: string[] = []
  const at = (delayMs: number, name: string, scope = sim.root) =>
    scope.schedule(delayMs, label, (text: string) => ran.push(`${text}@${sim.now - EPOCH_MS}`), name)
  return { sim, label, ran, at }
}

describe('events', () => {
  test('happen by time, then in the order in which they were scheduled', () => {
    const { sim, ran, at } = world()
    for (const [delayMs, name] of [
      [5, 'a'],
      [1, 'b'],
      [5, 'c'],
      [0, 'd'],
      [1, 'e'],
      [3, 'f'],
    ] as const)
      at(delayMs, name)
    sim.advance(10)
    expect(ran).toEqual(['d@0', 'b@1', 'e@1', 'f@3', 'a@5', 'c@5'])
    expect(sim.now).toBe(EPOCH_MS + 10)
  })

  test('keep that order among thousands, whatever the order of scheduling', () => {
    const { sim, label } = world()
    const random = sim.random('test')
    const ran: { atMs: number; id: number }[] = []
    for (let id = 0; id < 5000; id++) {
      const atMs = random.below(300)
      sim.root.schedule(atMs, label, what => ran.push(what), { atMs, id })
    }
    sim.advance(1000)
    expect(ran).toEqual([...ran].sort((a, b) => a.atMs - b.atMs || a.id - b.id))
    expect(ran.length).toBe(5000)
  })

  test('scheduled for now by an event of now come after all others of now', () => {
    const { sim, label, ran, at } = world()
    sim.root.schedule(2, label, () => at(0, 'late'), undefined)
    at(2, 'early')
    sim.advance(2)
    expect(ran).toEqual(['early@2', 'late@2'])
  })

  test('do not happen once cancelled; cancelling again or too late does no harm', () => {
    const { sim, ran, at } = world()
    const first = at(1, 'first')
    const second = at(1, 'second')
    sim.cancel(first)
    sim.cancel(first)
    sim.advance(1)
    sim.cancel(second)
    sim.cancel(undefined)
    expect(ran).toEqual(['second@1'])
    expect(sim.events).toBe(1)
  })

  test('may cancel later ones of the same millisecond', () => {
    const { sim, label, ran, at } = world()
    sim.root.schedule(1, label, () => sim.cancel(victim), undefined)
    const victim = at(1, 'victim')
    sim.advance(5)
    expect(ran).toEqual([])
  })

  test('let go of what they were about once they have happened', () => {
    const { sim, label } = world()
    const request = { body: 'large' }
    const timer = sim.root.schedule(1, label, () => {}, request)
    expect(timer.argument).toBe(request)
    sim.advance(1)
    expect(timer).toMatchObject({ run: undefined, argument: undefined })
  })

  test.each([-1, 0.5, Number.NaN])('cannot be scheduled after %d ms', delayMs => {
    const { at } = world()
    expect(() => at(delayMs, 'never')).toThrow(Bug)
  })

  test('nextEventMs looks past cancelled ones and disturbs nothing', () => {
    const { sim, ran, at } = world()
    sim.cancel(at(1, 'gone'))
    at(2, 'kept')
    expect([sim.nextEventMs(), sim.nextEventMs()]).toEqual([EPOCH_MS + 2, EPOCH_MS + 2])
    sim.advance(2)
    expect(ran).toEqual(['kept@2'])
    expect(sim.nextEventMs()).toBe(undefined)
  })
})

describe('a scope', () => {
  test('takes its timers and those of its children with it, and nobody else', () => {
    const { sim, ran, at } = world()
    const node = sim.root.child('node')
    const kubelet = node.child('kubelet')
    at(1, 'node', node)
    at(1, 'kubelet', kubelet)
    at(1, 'world')
    node.close()
    node.close()
    sim.advance(1)
    expect(ran).toEqual(['world@1'])
    expect([node.isAlive, kubelet.isAlive, sim.root.isAlive]).toEqual([false, false, true])
  })

  test('that is closed schedules nothing, starts nothing and has only closed children', () => {
    const { sim, label, ran, at } = world()
    const scope = sim.root.child('node')
    scope.close()
    at(1, 'timer', scope)
    const process = scope.spawn(
      label,
      (function* () {
        ran.push('process')
      })(),
    )
    sim.advance(5)
    expect([ran, process.isEnded, scope.child('late').isAlive]).toEqual([[], true, false])
  })

  test('closed by an event does not run its other events of that millisecond', () => {
    const { sim, label, ran, at } = world()
    const scope = sim.root.child('node')
    sim.root.schedule(1, label, () => scope.close(), undefined)
    at(1, 'victim', scope)
    sim.advance(1)
    expect(ran).toEqual([])
  })
})

describe('runUntil', () => {
  test('stops exactly after the event that made it true', () => {
    const { sim, label } = world()
    let count = 0
    for (const delayMs of [1, 2, 2, 2, 3]) {
      sim.root.schedule(
        delayMs,
        label,
        () => {
          count++
          sim.markChanged()
        },
        undefined,
      )
    }
    expect(sim.runUntil(() => count === 3, 100)).toBe(true)
    expect([count, sim.now - EPOCH_MS, sim.events]).toEqual([3, 2, 3])
    sim.advance(0)
    expect(count).toBe(4)
  })

  test('gives up when its time has passed, at exactly that time', () => {
    const { sim, ran, at } = world()
    at(10, 'in time')
    at(11, 'too late')
    expect(sim.runUntil(() => false, 10)).toBe(false)
    expect([ran, sim.now - EPOCH_MS]).toEqual([['in time@10'], 10])
  })

  test('does not move when it holds already, and looks only after a change', () => {
    const { sim, at } = world()
    at(1, 'quiet')
    let looks = 0
    const predicate = () => {
      looks++
      return looks > 5
    }
    expect(sim.runUntil(() => true, 10)).toBe(true)
    expect(sim.now).toBe(EPOCH_MS)
    expect(sim.runUntil(predicate, 10)).toBe(false)
    expect(looks).toBe(1)
  })
})

describe('the pacer', () => {
  test('lets virtual time pass at its factor, fractions included', () => {
    const { sim } = world()
    const pacer = new Pacer(sim, 0.25)
    for (let i = 0; i < 10; i++) expect(pacer.tick(1, 100)).toBe(true)
    expect(sim.now - EPOCH_MS).toBe(2)
  })

  test('drops what it cannot catch up with', () => {
    const { sim, ran, at } = world()
    for (let i = 1; i <= 10; i++) at(i, `${i}`)
    const pacer = new Pacer(sim, 1)
    expect(pacer.tick(100, 4)).toBe(false)
    expect([ran.length, sim.now - EPOCH_MS]).toEqual([4, 4])
    expect(pacer.tick(1, 4)).toBe(true)
    expect(sim.now - EPOCH_MS).toBe(5)
  })
})

test('the clock starts where it is told and reads as Kubernetes writes time', () => {
  const sim = new Simulation({ seed: 1, startMs: Date.UTC(2030, 1, 3, 4, 5, 6) })
  expect(sim.timestamp()).toBe('2030-02-03T04:05:06Z')
  expect(formatTime(EPOCH_MS + 1999)).toBe('2026-01-01T00:00:01Z')
  expect(() => new Simulation({ seed: 1, startMs: 0.5 })).toThrow(Bug)
})
