/**
 * Requests that are waiting for something, and their end when it does not come: `--request-timeout`. They are kept
 * in order of arrival, so one timer watches over all of them.
 */
import { API_SERVER, statuses } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Label, Scope } from '../sim/index.ts'
import { refusal } from './core.ts'

/** One request under way. */
export interface Flight {
  readonly process: { kill(): void }
  readonly deadlineMs: number
  readonly answer: (result: ApiResult) => void
}

export class Flights {
  readonly #scope: Scope
  readonly #label: Label
  readonly #flights = new Set<Flight>()
  #isTimed = false

  constructor(scope: Scope, label: Label) {
    this.#scope = scope
    this.#label = label
  }

  /** Takes in a request whose process has not ended. */
  add(process: { kill(): void }, answer: (result: ApiResult) => void): Flight {
    const flight: Flight = { process, deadlineMs: this.#scope.sim.now + API_SERVER.requestTimeoutMs, answer }
    this.#flights.add(flight)
    if (!this.#isTimed) this.#watchLater(API_SERVER.requestTimeoutMs)
    return flight
  }

  remove(flight: Flight): void {
    this.#flights.delete(flight)
  }

  #watchLater(delayMs: number): void {
    this.#isTimed = true
    this.#scope.schedule(delayMs, this.#label, () => this.#expire(), undefined)
  }

  #expire(): void {
    this.#isTimed = false
    const { now } = this.#scope.sim
    for (const flight of this.#flights) {
      if (flight.deadlineMs > now) {
        this.#watchLater(flight.deadlineMs - now)
        return
      }
      this.#flights.delete(flight)
      flight.process.kill()
      flight.answer(TIMED_OUT)
    }
  }
}

const TIMED_OUT = refusal(statuses.timeout('Timeout: request did not complete within the allotted timeout'))
