/**
 * Keys to work on, as client-go's rate limited work queue keeps them: a key is in it once, is never worked on
 * twice at a time, and comes back later after a failure (5 ms doubling to 1000 s, and 10 a second overall).
 * Each key carries the cause of its first addition. Differs in having no workers of its own: `onReady` is called
 * when there is something to `take`.
 */
import { CLIENT } from '../api/index.ts'
import { assert, type Cause, type Label, type Scope, type Timer } from '../sim/index.ts'
import { TokenBucket } from './token-bucket.ts'

/** Overrides of DefaultTypedControllerRateLimiter; `qps: Infinity` takes the overall limit away. */
export interface WorkQueueOptions {
  readonly baseBackoffMs?: number
  readonly maxBackoffMs?: number
  readonly qps?: number
  readonly burst?: number
}

interface Waiting {
  readonly key: string
  readonly timer: Timer
}

export class WorkQueue {
  readonly #scope: Scope
  readonly #onReady: () => void
  readonly #label: Label
  readonly #baseBackoffMs: number
  readonly #maxBackoffMs: number
  readonly #bucket: TokenBucket
  /** Keys that need work, with the cause of their first addition; those in process wait here too. */
  readonly #dirty = new Map<string, Cause>()
  readonly #processing = new Set<string>()
  readonly #waiting = new Map<string, Waiting>()
  readonly #failures = new Map<string, number>()
  #queue: string[] = []
  #head = 0

  constructor(scope: Scope, name: string, onReady: () => void, options: WorkQueueOptions = {}) {
    this.#scope = scope
    this.#onReady = onReady
    this.#label = scope.sim.label(`${name}/requeue`)
    this.#baseBackoffMs = options.baseBackoffMs ?? CLIENT.queueBaseBackoffMs
    this.#maxBackoffMs = options.maxBackoffMs ?? CLIENT.queueMaxBackoffMs
    this.#bucket = new TokenBucket(options.qps ?? CLIENT.queueQps, options.burst ?? CLIENT.queueBurst)
  }

  /** Keys that could be taken now. */
  get length(): number {
    return this.#queue.length - this.#head
  }

  /** Marks a key as in need of work. */
  add(key: string, cause: Cause = this.#scope.sim.cause): void {
    if (this.#dirty.has(key)) return
    this.#dirty.set(key, cause)
    if (!this.#processing.has(key)) this.#push(key)
  }

  /** Adds a key after a delay; of several delays for one key the earliest end counts. */
  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) {
      this.add(key)
      return
    }
    const { sim } = this.#scope
    const known = this.#waiting.get(key)
    if (known) {
      if (known.timer.atMs <= sim.now + delayMs) return
      sim.cancel(known.timer)
    }
    const timer = this.#scope.schedule(Math.ceil(delayMs), this.#label, this.#due, key)
    this.#waiting.set(key, { key, timer })
  }

  /** Adds a key that failed, when its back-off and the overall limit allow. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    const backoffMs = Math.min(this.#maxBackoffMs, this.#baseBackoffMs * 2 ** failures)
    this.addAfter(key, Math.max(backoffMs, this.#bucket.reserve(this.#scope.sim.now)))
  }

  /** Ends a key's back-off: it has succeeded, or is given up. */
  forget(key: string): void {
    this.#failures.delete(key)
  }

  /** How often a key has failed in a row. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  /** Takes the next key to work on; {@link done} must follow. */
  take(): { readonly key: string; readonly cause: Cause } | undefined {
    const key = this.#queue[this.#head]
    if (key === undefined) return undefined
    if (++this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    const cause = this.#dirty.get(key)!
    this.#dirty.delete(key)
    this.#processing.add(key)
    return { key, cause }
  }

  /** The work on a key is over; if it was added meanwhile it comes again. */
  done(key: string): void {
    assert(this.#processing.delete(key), 'only a key that was taken can be done')
    if (this.#dirty.has(key)) this.#push(key)
  }

  #push(key: string): void {
    this.#queue.push(key)
    this.#onReady()
  }

  readonly #due = (key: string): void => {
    this.#waiting.delete(key)
    this.add(key)
  }
}
