/**
 * Virtual time at the pace of the wall clock. The front end tells how much real time has passed; the pacer lets
 * the loop catch up in portions, so that a busy cluster never freezes the screen.
 */
import type { Simulation } from './simulation.ts'

/** Where time is to stand still again: right after the change that makes `isOver` true, or at `atMs`. */
export interface Stop {
  readonly isOver: () => boolean
  /** Virtual ms since the Unix epoch; never unless given. */
  readonly atMs?: number
}

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
   * Accounts for `realMs` of wall time and executes at most `maxEvents` events of what is due, none after `stop`.
   * Gives true when the loop has caught up or stopped; what is still owed is dropped rather than piled up.
   */
  tick(realMs: number, maxEvents: number, stop?: Stop): boolean {
    const sim = this.#sim
    if (stop?.isOver()) return this.#settle(true)
    this.#owedMs += realMs * this.factor
    const wholeMs = Math.floor(this.#owedMs)
    const until = Math.min(sim.now + wholeMs, stop?.atMs ?? Number.POSITIVE_INFINITY)
    let seen = sim.changes
    for (let done = 0; done < maxEvents; done++) {
      if (sim.step(until)) {
        if (!stop || sim.changes === seen) continue
        seen = sim.changes
        if (stop.isOver()) return this.#settle(true)
        continue
      }
      sim.advance(until - sim.now)
      if (until === stop?.atMs) return this.#settle(true)
      this.#owedMs -= wholeMs
      return true
    }
    return this.#settle(false)
  }

  #settle(hasCaughtUp: boolean): boolean {
    this.#owedMs = 0
    return hasCaughtUp
  }
}
