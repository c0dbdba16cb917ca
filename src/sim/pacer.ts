/**
 * Virtual time at the pace of the wall clock. The front end tells how much real time has passed; the pacer lets
 * the loop catch up in portions, so that a busy cluster never freezes the screen.
 */
import type { Simulation } from './simulation.ts'

/** What is played at a pace, where it is not the bare loop: a lesson. */
export interface Playable {
  /** Does one thing that is due at or before `untilMs`; false when there is none, as {@link Simulation.step}. */
  step(untilMs: number): boolean
  /** Asked after every step: whether time is to stand still now. */
  hasStopped(): boolean
}

export class Pacer {
  readonly #sim: Simulation
  readonly #loop: Playable
  /** Virtual milliseconds a real millisecond. */
  factor: number
  #owedMs = 0

  constructor(sim: Simulation, factor: number) {
    this.#sim = sim
    this.#loop = { step: untilMs => sim.step(untilMs), hasStopped: () => false }
    this.factor = factor
  }

  /**
   * Accounts for `realMs` of wall time and executes at most `maxEvents` events of what is due.
   * Gives true when the loop has caught up or stopped; what is still owed is dropped rather than piled up.
   */
  tick(realMs: number, maxEvents: number, playable: Playable = this.#loop): boolean {
    this.#owedMs += realMs * this.factor
    const wholeMs = Math.floor(this.#owedMs)
    const until = this.#sim.now + wholeMs
    for (let done = 0; done < maxEvents; done++) {
      if (playable.step(until)) {
        if (!playable.hasStopped()) continue
        this.#owedMs = 0
        return true
      }
      this.#sim.advance(until - this.#sim.now)
      this.#owedMs -= wholeMs
      return true
    }
    this.#owedMs = 0
    return false
  }
}
