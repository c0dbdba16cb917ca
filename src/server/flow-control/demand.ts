/**
 * How many seats have been asked for of late: what borrowing goes by. Mirrors the seat demand integrator and its
 * smoothing in apf_controller.go of k8s.io/apiserver.
 */

/** How much of the past stays at each adjustment: half of it in five minutes. */
const MEMORY = 0.977

export class SeatDemand {
  #seats = 0
  #sinceMs: number
  #lastMs: number
  #area = 0
  #squares = 0
  /** The most since the last {@link settle}. */
  #highest = 0
  #smoothed = 0

  constructor(nowMs: number) {
    this.#sinceMs = nowMs
    this.#lastMs = nowMs
  }

  /** Seats that are taken or waited for, from now on. */
  set(seats: number, nowMs: number): void {
    this.#count(nowMs)
    this.#seats = seats
    this.#highest = Math.max(this.#highest, seats)
  }

  /** Ends a period. Gives the most of it, and what is to be expected: mean and deviation, going down slowly. */
  settle(nowMs: number): { readonly highest: number; readonly smoothed: number } {
    this.#count(nowMs)
    const passedMs = nowMs - this.#sinceMs
    const mean = passedMs > 0 ? this.#area / passedMs : this.#seats
    const deviation = passedMs > 0 ? Math.sqrt(Math.max(0, this.#squares / passedMs - mean * mean)) : 0
    const envelope = mean + deviation
    this.#smoothed = Math.max(envelope, MEMORY * this.#smoothed + (1 - MEMORY) * envelope)
    const settled = { highest: this.#highest, smoothed: this.#smoothed }
    this.#sinceMs = nowMs
    this.#area = 0
    this.#squares = 0
    this.#highest = this.#seats
    return settled
  }

  #count(nowMs: number): void {
    const passedMs = nowMs - this.#lastMs
    this.#area += this.#seats * passedMs
    this.#squares += this.#seats * this.#seats * passedMs
    this.#lastMs = nowMs
  }
}
