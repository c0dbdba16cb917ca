/**
 * Requests that are waiting for something, and their end when it does not come: `--request-timeout`. They are kept
 * in order of arrival, so one timer watches over all of them.
 */
import { API_SERVER, statuses } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import { Chain, type Label, type Linked, type Scope } from '../sim/index.ts'
import { refusal } from './core.ts'

/** One request under way. */
export interface Flight extends Linked<Flight> {
  readonly process: { kill(): void }
  readonly deadlineMs: number
  readonly answer: (result: ApiResult) => void
}

export class Flights {
  readonly #scope: Scope
  readonly #label: Label
  readonly #flights = new Chain<Flight>()
  #isTimed = false

  constructor(scope: Scope, label: Label) {
    this.#scope = scope
    this.#label = label
  }

  /** Takes in a request whose process has not ended. */
  add(process: { kill(): void }, answer: (result: ApiResult) => void): Flight {
    const deadlineMs = this.#scope.sim.now + API_SERVER.requestTimeoutMs
    const flight: Flight = { process, deadlineMs, answer, before: undefined, after: undefined }
    this.#flights.add(flight)
    if (!this.#isTimed) this.#watchLater(API_SERVER.requestTimeoutMs)
    return flight
  }

  remove(flight: Flight): void {
    this.#flights.remove(flight)
  }

  #watchLater(delayMs: number): void {
    this.#isTimed = true
    this.#scope.schedule(delayMs, this.#label, () => this.#expire(), undefined)
  }

  #expire(): void {
    this.#isTimed = false
    const { now } = this.#scope.sim
    for (let flight = this.#flights.first; flight; flight = this.#flights.first) {
      if (flight.deadlineMs > now) {
        this.#watchLater(flight.deadlineMs - now)
        return
      }
      this.#flights.remove(flight)
      flight.process.kill()
      flight.answer(TIMED_OUT)
    }
  }
}

const TIMED_OUT = refusal(statuses.timeout('Timeout: request did not complete within the allotted timeout'))
