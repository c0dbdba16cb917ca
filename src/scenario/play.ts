/**
 * What a step of a lesson does, as a generator that waits for the cluster from outside the loop: it schedules
 * nothing, so a lesson leaves no trace but its inputs, and a recording of the cluster replays without the lesson.
 */
import type { Cluster, Input, InputResult } from '../cluster/index.ts'
import type { Output } from '../kubectl/index.ts'
import { assert, LIMITS, UserError } from '../sim/index.ts'

/** What a play waits for: until `isOver` holds (asked after every change), or the clock has passed `atMs`. */
export interface Until {
  readonly isOver: () => boolean
  /** Virtual ms since the Unix epoch; for ever unless given. */
  readonly atMs?: number
}

/** A story with waits. `yield` gives true when `isOver` came true, false when time ran out. */
export type Play<T = void> = Generator<Until, T, boolean>

/** Virtual time one command may take before it is given up. */

/** Waits until `isOver`; gives false when `spanMs` of virtual time have passed without it. */
export function* until(cluster: Cluster, isOver: () => boolean, spanMs: number): Play<boolean> {
  return yield { isOver, atMs: cluster.sim.now + spanMs }
}

/** Lets `spanMs` of virtual time pass. */
export function* pass(cluster: Cluster, spanMs: number): Play {
  yield { isOver: () => false, atMs: cluster.sim.now + spanMs }
}

/** Lets an input in and waits for its end. Throws what the input came to if it failed. */
export function* enter(
  cluster: Cluster,
  input: Input,
  live?: Output,
): Play<Extract<InputResult, { ok: true }>['value']> {
  const running = cluster.begin(input, { output: live })
  try {
    const isDone = yield {
      isOver: () => running.result !== undefined,
      atMs: cluster.sim.now + LIMITS.inputMs,
    }
    if (!isDone) {
      throw new UserError('this took more than a day of virtual time and was given up', {
        mend: 'Give it a --timeout.',
      })
    }
    const { result } = running
    assert(result, 'an input that has ended has a result')
    if (!result.ok) throw result.error
    return result.value
  } finally {
    if (!running.result) running.cancel()
  }
}
