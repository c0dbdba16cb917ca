/**
 * Meeting points of processes: a signal that many wait for, a mailbox that one empties, a deadline.
 */

import { assert } from './errors.ts'
import { LIMITS } from './limits.ts'
import { type Resumable, type Routine, sleep, type Waiting } from './process.ts'

/** Wakes everyone who waits, each in an event of its own at the present millisecond. */
export class Signal<T = void> {
  #waiters: { process: Resumable; isGone: boolean }[] = [];

  *wait(): Routine<T> {
    const waiter = { process: undefined as unknown as Resumable, isGone: false }
    return (yield {
      arm: process => {
        waiter.process = process
        this.#waiters.push(waiter)
      },
      disarm: () => {
        waiter.isGone = true
      },
    } satisfies Waiting) as T
  }

  fire(value: T): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const { process, isGone } of waiters) {
      if (!isGone) process.scope.schedule(0, process.label, v => process.resume(v), value)
    }
  }
}

/** First in, first out, one reader. */
export class Mailbox<T> {
  readonly #items: T[] = []
  readonly #arrived = new Signal()

  get length(): number {
    return this.#items.length
  }

  put(item: T): void {
    assert(this.#items.length < LIMITS.mailbox, 'a mailbox stays within its bound')
    this.#items.push(item)
    if (this.#items.length === 1) this.#arrived.fire()
  }

  *take(): Routine<T> {
    while (this.#items.length === 0) yield* this.#arrived.wait()
    return this.#items.shift()!
  }
}

/** Runs `routine`; gives `{ timedOut: true }` and kills it when `ms` pass first. */
export function* withTimeout<T>(
  ms: number,
  routine: Routine<T>,
): Routine<{ timedOut: false; value: T } | { timedOut: true }> {
  let kill = () => {}
  return yield {
    arm: process => {
      const inner = process.scope.child('timeout')
      kill = () => inner.close()
      const settle = (result: unknown) => {
        inner.close()
        process.resume(result)
      }
      inner.spawn(process.label, routine, value => settle({ timedOut: false, value }))
      if (inner.isAlive) inner.spawn(process.label, sleep(ms), () => settle({ timedOut: true }))
    },
    disarm: () => kill(),
  }
}
