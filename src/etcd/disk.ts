/**
 * What makes a member's writes durable, and how long that takes: the port and the simulated disk behind it.
 */
import type { Label, Scope } from '../sim/index.ts'

/** A disk that can flush. Flushes end in the order in which they began. */
export interface Disk {
  /** Calls `done` in a later loop event, when everything written during this millisecond is durable. */
  sync(done: () => void): void
}

/** A disk with a fixed flush time. A crash of the scope loses what was not flushed. */
export class SimulatedDisk implements Disk {
  readonly #scope: Scope
  readonly #commitLabel: Label
  readonly #run = (done: () => void) => done()
  #lastDueMs = 0
  /** How long a flush takes; may be changed at any time to make the disk slow. */
  syncMs: number

  constructor(scope: Scope, syncMs: number) {
    this.#scope = scope
    this.#commitLabel = scope.sim.label('etcd/commit')
    this.syncMs = syncMs
  }

  sync(done: () => void): void {
    const { now } = this.#scope.sim
    this.#lastDueMs = Math.max(this.#lastDueMs, now + this.syncMs)
    this.#scope.schedule(this.#lastDueMs - now, this.#commitLabel, this.#run, done)
  }
}
