/**
 * Stories with waits: generators run by the loop. A routine yields {@link Waiting}s and is resumed when they
 * are over; it can be killed at any yield (its `finally` blocks run), which is how a crash between two writes
 * is made.
 */
import { assert } from './errors.ts'
import type { Timer } from './event-queue.ts'
import type { Scope } from './scope.ts'
import type { Cause, Label } from './trace.ts'

/** Something a process can wait for. `arm` is called once; it must lead to one `process.resume(value)`. */
export interface Waiting {
  arm(process: Resumable): void
  /** Called when the process is killed while waiting. */
  disarm?(): void
}

/** The side of a process that what it waits for sees. */
export interface Resumable {
  readonly scope: Scope
  readonly label: Label
  resume(value?: unknown): void
}

/** A generator that may wait. Call one from another with `yield*`. */
// biome-ignore lint/suspicious/noExplicitAny: what `yield` gives back depends on the Waiting; helpers type it.
export type Routine<T> = Generator<Waiting, T, any>

export class Process<T> implements Resumable {
  readonly scope: Scope
  readonly label: Label
  readonly #routine: Routine<T>
  readonly #done: ((result: T) => void) | undefined
  readonly #cause: Cause | undefined
  readonly #recover: ((error: unknown) => T) | undefined
  /** Its neighbours among the living processes of its scope, which alone changes them. */
  before: Process<unknown> | undefined
  after: Process<unknown> | undefined
  #waiting: Waiting | undefined
  #state: 'new' | 'running' | 'waiting' | 'ended' = 'new'
  #early: { value: unknown } | undefined

  /**
   * With a `cause`, all it does has that cause; otherwise whatever woke it. What the routine throws ends the run, unless
   * `recover` makes a result of it.
   */
  constructor(
    scope: Scope,
    label: Label,
    routine: Routine<T>,
    done: ((result: T) => void) | undefined,
    cause: Cause | undefined,
    recover?: (error: unknown) => T,
  ) {
    this.scope = scope
    this.label = label
    this.#routine = routine
    this.#done = done
    this.#cause = cause
    this.#recover = recover
  }

  get isEnded(): boolean {
    return this.#state === 'ended'
  }

  start(): void {
    assert(this.#state === 'new', 'a process starts once')
    this.#run(undefined)
  }

  resume(value?: unknown): void {
    if (this.#state === 'ended') return
    if (this.#state === 'running') {
      // The wait was over before it began: `#go` picks the value up without recursion.
      assert(this.#waiting !== undefined && !this.#early, 'a process is resumed once per wait')
      this.#early = { value }
      return
    }
    this.#run(value)
  }

  /** Ends it where it waits. Its `finally` blocks run; `done` is not called. */
  kill(): void {
    if (this.#state === 'ended') return
    const wasRunning = this.#state === 'running'
    this.#state = 'ended'
    this.scope.forget(this as Process<unknown>)
    this.#waiting?.disarm?.()
    this.#waiting = undefined
    // A generator cannot be ended from inside itself: `#go` does it at the next yield.
    if (!wasRunning) this.#unwind()
  }

  #unwind(): void {
    this.#routine.return(undefined as never)
  }

  #run(value: unknown): void {
    if (this.#cause === undefined) {
      this.#go(value)
      return
    }
    const { sim } = this.scope
    const before = sim.exchangeCause(this.#cause)
    try {
      this.#go(value)
    } finally {
      sim.exchangeCause(before)
    }
  }

  #go(value: unknown): void {
    let input = value
    for (;;) {
      this.#state = 'running'
      this.#waiting = undefined
      const step = this.#recover ? this.#tryNext(input, this.#recover) : this.#routine.next(input)
      if ((this.#state as string) === 'ended') {
        if (!step.done) this.#unwind()
        return
      }
      if (step.done) {
        this.#state = 'ended'
        this.scope.forget(this as Process<unknown>)
        this.#done?.(step.value)
        return
      }
      this.#waiting = step.value
      this.#early = undefined
      step.value.arm(this)
      if ((this.#state as string) === 'ended') {
        this.#unwind()
        return
      }
      if (!this.#early) {
        this.#state = 'waiting'
        return
      }
      input = (this.#early as { value: unknown }).value
    }
  }

  #tryNext(input: unknown, recover: (error: unknown) => T): IteratorResult<Waiting, T> {
    try {
      return this.#routine.next(input)
    } catch (error) {
      return { done: true, value: recover(error) }
    }
  }
}

/** Waits `ms` of virtual time. */
export function* sleep(ms: number): Routine<void> {
  let timer: Timer | undefined
  let scope: Scope | undefined
  yield {
    arm: process => {
      scope = process.scope
      timer = scope.schedule(ms, process.label, resume, process)
    },
    disarm: () => {
      scope?.sim.cancel(timer)
    },
  }
}

/** Waits for a callback: `begin` is handed the function to call with the result. */
export function* callback<T>(begin: (done: (value: T) => void) => void): Routine<T> {
  return (yield { arm: process => begin(value => process.resume(value)) }) as T
}

function resume(process: Resumable): void {
  process.resume()
}
