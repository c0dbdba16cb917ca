/**
 * Virtual time at the pace of the wall clock. The front end tells how much real time has passed; the pacer lets
 * the loop catch up in portions, so that a busy cluster never freezes the screen.
 */
import type { Simulation } from './simulation.ts'

export class Pacer {
  readonly #sim: Simulation
  /** Virtual milliseconds a real millisecond. */
  factor: number
  #owedMs = 0

  constructor(sim: Simulation, factor: number) {
    this.#sim = sim
    this.factor = factor
  }

  /**
   * Accounts for `realMs` of wall time and executes at most `maxEvents` events of what is due.
   * Gives true when the loop has caught up; what is still owed is dropped rather than piled up.
   */
  tick(realMs: number, maxEvents: number): boolean {
    this.#owedMs += realMs * this.factor
    const wholeMs = Math.floor(this.#owedMs)
    const until = this.#sim.now + wholeMs
    for (let done = 0; done < maxEvents; done++) {
      if (this.#sim.step(until)) continue
      this.#sim.advance(until - this.#sim.now)
      this.#owedMs -= wholeMs
      return true
    }
    this.#owedMs = 0
    return false
  }
}
