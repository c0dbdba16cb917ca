/**
 * Notices what happened to containers: mirrors the generic PLEG, which relists the runtime every second. The
 * ticks are computed rather than counted: one is due only after something has changed.
 */
import { KUBELET } from '../api/index.ts'
import type { Label, Scope } from '../sim/index.ts'
import type { PodWorker } from './pods/pod-worker.ts'

export class Pleg {
  readonly #scope: Scope
  readonly #label: Label
  readonly #phaseMs: number
  readonly #changed: (worker: PodWorker) => void
  #dirty: PodWorker[] = []
  #isDue = false

  /** `phaseMs`: where in the second this node relists. */
  constructor(scope: Scope, label: Label, phaseMs: number, changed: (worker: PodWorker) => void) {
    this.#scope = scope
    this.#label = label
    this.#phaseMs = phaseMs
    this.#changed = changed
  }

  /** Something happened in the runtime; the next relist will see it. */
  mark(worker: PodWorker): void {
    if (worker.isDirty) return
    worker.isDirty = true
    this.#dirty.push(worker)
    if (this.#isDue) return
    this.#isDue = true
    const period = KUBELET.plegRelistMs
    const sincePhase = (this.#scope.sim.now - this.#phaseMs) % period
    this.#scope.schedule(period - sincePhase, this.#label, () => this.#relist(), undefined)
  }

  #relist(): void {
    const workers = this.#dirty
    this.#dirty = []
    this.#isDue = false
    for (const worker of workers) {
      worker.isDirty = false
      this.#changed(worker)
    }
  }
}
