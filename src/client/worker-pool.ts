/**
 * Workers on a {@link WorkQueue}: so many keys at once, each begun in a loop event of its own whose cause is the
 * key's. What controllers that are not pure reconciles (garbage collector, namespace, endpoint slices) run on.
 */
import type { Label, Routine, Scope } from '../sim/index.ts'
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts'

export interface WorkerPoolOptions extends WorkQueueOptions {
  /** Keys worked on at once. */
  readonly workers: number
  /** Trace subjects are this and the key, such as `/registry/services/endpoints/`; none unless given. */
  readonly subjectPrefix?: string
}

/** What became of a key: done, come again after a failure, or come again after some ms. */
export type WorkResult = 'done' | 'retry' | { readonly againAfterMs: number }

export class WorkerPool {
  readonly queue: WorkQueue
  readonly #scope: Scope
  readonly #label: Label
  readonly #options: WorkerPoolOptions
  readonly #work: (key: string) => WorkResult | Routine<WorkResult>
  #idle: number
  #isStarted = false
  /** Keys begun so far. */
  runs = 0

  /** `work` answers at once, or is a process that answers later. */
  constructor(
    scope: Scope,
    name: string,
    options: WorkerPoolOptions,
    work: (key: string) => WorkResult | Routine<WorkResult>,
  ) {
    this.#scope = scope
    this.#label = scope.sim.label(`${name}/sync`)
    this.#options = options
    this.#work = work
    this.#idle = options.workers
    this.queue = new WorkQueue(scope, name, () => this.#dispatch(), options)
  }

  /** Begins to work; keys added before wait until then. */
  start(): void {
    this.#isStarted = true
    this.#dispatch()
  }

  #dispatch(): void {
    while (this.#isStarted && this.#idle > 0) {
      const item = this.queue.take()
      if (!item) return
      this.#idle--
      const { sim } = this.#scope
      const prefix = this.#options.subjectPrefix
      const subject = prefix === undefined ? 0 : sim.subject(prefix + item.key)
      this.#scope.schedule(0, this.#label, this.#begin, item.key, subject, item.cause)
    }
  }

  readonly #begin = (key: string): void => {
    this.runs++
    const result = this.#work(key)
    if (typeof result === 'object' && 'next' in result) {
      this.#scope.spawn(this.#label, result, outcome => this.#finish(key, outcome), this.#scope.sim.cause)
    } else this.#finish(key, result)
  }

  #finish(key: string, result: WorkResult): void {
    if (result === 'retry') this.queue.addRateLimited(key)
    else {
      this.queue.forget(key)
      if (result !== 'done') this.queue.addAfter(key, result.againAfterMs)
    }
    this.#idle++
    this.queue.done(key)
    this.#dispatch()
  }
}
