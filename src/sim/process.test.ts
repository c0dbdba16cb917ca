/** Stories with waits: sleeping, meeting, deadlines, and being killed anywhere. */
import { describe, expect, test } from 'vitest'
import { Bug } from './errors.ts'
import { LIMITS } from './limits.ts'
import { callback, type Routine, sleep } from './process.ts'
import { EPOCH_MS, Simulation } from './simulation.ts'
import { Mailbox, Signal, withTimeout } from './waiting.ts'

function world() {
  const sim = new Simulation({ seed: 1 })
  const label = sim.label('test/process')
  const told: string[] = []
  const tell = (what: string) => {
    told.push(`${what}@${sim.now - EPOCH_MS}`)
  }
  const spawn = <T>(routine: () => Routine<T>, scope = sim.root, done?: (result: T) => void) =>
    scope.spawn(label, routine(), done)
  return { sim, label, told, tell, spawn }
}

test('a process starts at once, sleeps, calls others and hands its result over', () => {
  const { sim, told, tell, spawn } = world()
  function* nap(ms: number): Routine<number> {
    yield* sleep(ms)
    return ms * 2
  }
  spawn(
    function* () {
      tell('start')
      const doubled = yield* nap(5)
      tell(`got ${doubled}`)
      yield* sleep(0)
      return 'end'
    },
    sim.root,
    tell,
  )
  expect(told).toEqual(['start@0'])
  sim.advance(100)
  expect(told).toEqual(['start@0', 'got 10@5', 'end@5'])
})

test('a callback may answer later, or before the process has begun to wait, a thousand times over', () => {
  const { sim, told, tell, spawn } = world()
  let answer: (value: string) => void = () => {}
  spawn(function* () {
    tell(
      yield* callback<string>(done => {
        answer = done
      }),
    )
    for (let i = 0; i < 10_000; i++) yield* callback<void>(done => done())
    tell('done')
  })
  sim.advance(3)
  answer('late')
  expect(told).toEqual(['late@3', 'done@3'])
})

describe('a signal', () => {
  test('wakes everyone who waits, in order, each in an event of its own', () => {
    const { sim, told, tell, spawn } = world()
    const signal = new Signal<string>()
    for (const name of ['a', 'b']) {
      spawn(function* () {
        const value = yield* signal.wait()
        tell(`${name} ${value}`)
      })
    }
    sim.advance(2)
    signal.fire('go')
    expect(told).toEqual([])
    signal.fire('nobody hears this')
    sim.advance(0)
    expect(told).toEqual(['a go@2', 'b go@2'])
    expect(sim.events).toBe(2)
  })

  test('does not wake who was killed before it fired, or between firing and waking', () => {
    const { sim, told, tell, spawn } = world()
    const signal = new Signal()
    const waiters = ['a', 'b', 'c'].map(name =>
      spawn(function* () {
        yield* signal.wait()
        tell(name)
      }),
    )
    waiters[0]!.kill()
    signal.fire()
    waiters[1]!.kill()
    sim.advance(0)
    expect(told).toEqual(['c@0'])
  })
})

describe('a mailbox', () => {
  test('gives its items first in, first out, and lets its reader wait for more', () => {
    const { sim, label, told, tell, spawn } = world()
    const mailbox = new Mailbox<string>()
    mailbox.put('a')
    mailbox.put('b')
    spawn(function* () {
      for (;;) tell(yield* mailbox.take())
    })
    expect(told).toEqual(['a@0', 'b@0'])
    for (const [delayMs, item] of [
      [3, 'c'],
      [3, 'd'],
      [7, 'e'],
    ] as const) {
      sim.root.schedule(delayMs, label, (text: string) => mailbox.put(text), item)
    }
    sim.advance(10)
    expect(told.slice(2)).toEqual(['c@3', 'd@3', 'e@7'])
    expect(mailbox.length).toBe(0)
  })

  test('says so when it is full', () => {
    const mailbox = new Mailbox<number>()
    for (let i = 0; i < LIMITS.mailbox; i++) mailbox.put(i)
    expect(() => mailbox.put(-1)).toThrow(Bug)
  })
})

describe('a deadline', () => {
  function* work(ms: number, told: string[]): Routine<string> {
    try {
      yield* sleep(ms)
      return 'worked'
    } finally {
      told.push('cleaned up')
    }
  }

  test.each([
    [5, { timedOut: false, value: 'worked' }, 5],
    [10, { timedOut: false, value: 'worked' }, 10],
    [11, { timedOut: true }, 10],
  ])('of 10 ms over work of %d ms', (ms, expected, endMs) => {
    const { sim, told, spawn } = world()
    let result: unknown
    let endedMs = -1
    spawn(
      () => withTimeout(10, work(ms, told)),
      sim.root,
      value => {
        result = value
        endedMs = sim.now - EPOCH_MS
      },
    )
    sim.advance(100)
    expect([result, endedMs, told]).toEqual([expected, endMs, ['cleaned up']])
    expect(sim.nextEventMs()).toBe(undefined)
  })

  test('over work that does not wait is met at once', () => {
    const { sim, spawn } = world()
    let result: unknown
    spawn(
      () =>
        withTimeout(
          10,
          (function* (): Routine<number> {
            return 1
          })(),
        ),
      sim.root,
      value => {
        result = value
      },
    )
    expect(result).toEqual({ timedOut: false, value: 1 })
  })

  test('killed from outside, takes its work along', () => {
    const { sim, told, spawn } = world()
    const process = spawn(() => withTimeout(10, work(5, told)))
    sim.advance(1)
    process.kill()
    expect(told).toEqual(['cleaned up'])
    sim.advance(100)
    expect(told).toEqual(['cleaned up'])
  })
})

describe('what a process throws', () => {
  function* failing(): Routine<string> {
    yield* sleep(1)
    throw new Error('out of luck')
  }

  test('ends the run', () => {
    const { sim } = world()
    sim.root.spawn(sim.label('test/failing'), failing())
    expect(() => sim.advance(1)).toThrow('out of luck')
  })

  test('is a result where that is wanted, at its first step too', () => {
    const { sim } = world()
    const results: string[] = []
    const recover = (error: unknown) => `recovered from ${(error as Error).message}`
    const spawn = (routine: Routine<string>) =>
      sim.root.spawn(sim.label('test/failing'), routine, result => results.push(result), undefined, recover)
    spawn(failing())
    spawn(
      (function* (): Routine<string> {
        throw new Error('no luck at all')
      })(),
    )
    sim.advance(1)
    expect(results).toEqual(['recovered from no luck at all', 'recovered from out of luck'])
  })
})

describe('a process killed', () => {
  function* story(told: string[]): Routine<void> {
    try {
      for (const step of ['one', 'two', 'three']) {
        told.push(step)
        yield* sleep(1)
      }
    } finally {
      told.push('finally')
    }
  }

  test.each([
    [0, ['one', 'finally']],
    [1, ['one', 'two', 'finally']],
    [2, ['one', 'two', 'three', 'finally']],
    [3, ['one', 'two', 'three', 'finally']],
  ])('after %d ms runs its finally blocks once and nothing else', (ms, expected) => {
    const { sim, told, spawn } = world()
    const scope = sim.root.child('node')
    let isDone = false
    spawn(
      () => story(told),
      scope,
      () => {
        isDone = true
      },
    )
    sim.advance(ms)
    scope.close()
    sim.advance(10)
    expect(told).toEqual(expected)
    expect(isDone).toBe(ms === 3)
  })

  test('by itself unwinds at its next yield', () => {
    const { sim, told, spawn } = world()
    const scope = sim.root.child('node')
    spawn(function* () {
      try {
        yield* sleep(1)
        scope.close()
        told.push('last words')
        yield* sleep(1)
        told.push('never')
      } finally {
        told.push('finally')
      }
    }, scope)
    sim.advance(10)
    expect(told).toEqual(['last words', 'finally'])
  })

  test('while it begins to wait unwinds there', () => {
    const { sim, told, spawn } = world()
    const scope = sim.root.child('node')
    spawn(function* () {
      try {
        yield* callback<void>(() => scope.close())
        told.push('never')
      } finally {
        told.push('finally')
      }
    }, scope)
    expect(told).toEqual(['finally'])
  })

  test('is not resumed by an answer that comes late', () => {
    const { spawn, told } = world()
    let answer: () => void = () => {}
    const process = spawn(function* () {
      yield* callback<void>(done => {
        answer = done
      })
      told.push('never')
    })
    process.kill()
    answer()
    expect([told, process.isEnded]).toEqual([[], true])
  })
})
