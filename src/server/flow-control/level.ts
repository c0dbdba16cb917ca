/**
 * One priority level: seats that requests execute on, and queues in which they wait for one. Queues take turns by how
 * much each has been served. Mirrors the queueset of k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing.
 */
import type { PriorityLevelConfigurationSpec } from 'kubernetes-types/flowcontrol/v1.js'
import { SeatDemand } from './demand.ts'
import type { SeatBounds } from './seats.ts'
import { deal } from './shuffle.ts'

/** How long a request may wait: a quarter of `--request-timeout`. */
const MOST_WAIT_MS = 15_000
/** What a request is taken to last before it has ended, in seconds. */
export const USUAL_SECONDS = 0.003

/** Why a request did not get a seat. In upstream's words, as `apiserver_flowcontrol_rejected_requests_total` has them. */
export type Rejection = 'queue-full' | 'concurrency-limit' | 'time-out' | 'cancelled'

/** A request at a level. */
export interface Ticket {
  /** The name of its FlowSchema. */
  readonly schema: string
  readonly distinguisher: string
  /** Tells its flow from others, see {@link hashFlow}. */
  readonly hash: bigint
  readonly seats: number
  readonly arrivedMs: number
}

interface Waiting {
  readonly ticket: Ticket
  readonly settle: (rejection: Rejection | undefined) => void
  readonly timer: NodeJS.Timeout
}

interface Executing {
  readonly queue: Queue | undefined
  readonly startedMs: number
}

export interface Queue {
  readonly index: number
  readonly waiting: Waiting[]
  executing: number
  taken: number
  /** In seconds of seats: whoever has had the least is next. */
  served: number
}

/** What a level has done so far. */
export interface LevelCounts {
  dispatched: number
  rejected: number
  timedOut: number
  cancelled: number
}

export class PriorityLevel {
  readonly name: string
  readonly counts: LevelCounts = { dispatched: 0, rejected: 0, timedOut: 0, cancelled: 0 }
  readonly demand: SeatDemand
  readonly executing = new Map<Ticket, Executing>()
  readonly #now: () => number
  #spec: PriorityLevelConfigurationSpec = { type: 'Exempt' }
  #bounds: SeatBounds = { nominal: 0, least: 0, most: 0 }
  #seats = 0
  #queues: Queue[] = []
  #taken = 0
  #wanted = 0
  /** How much the queue served last had had. */
  #served = 0

  constructor(name: string, now: () => number) {
    this.name = name
    this.#now = now
    this.demand = new SeatDemand(now())
  }

  get isExempt(): boolean {
    return this.#spec.type === 'Exempt'
  }

  get bounds(): SeatBounds {
    return this.#bounds
  }

  get queues(): readonly Queue[] {
    return this.#queues
  }

  /** Seats that it has at present. */
  get seats(): number {
    return this.#seats
  }

  /** Seats that are taken. */
  get taken(): number {
    return this.#taken
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#queues.reduce((sum, { waiting }) => sum + waiting.length, 0)
  }

  /** The seats change; who waits goes on waiting, in the queues that there are now. */
  configure(spec: PriorityLevelConfigurationSpec, bounds: SeatBounds): void {
    const { queues = 0 } = spec.limited?.limitResponse?.queuing ?? {}
    const hasOthers = queues !== this.#queues.length
    this.#spec = spec
    if (bounds.nominal !== this.#bounds.nominal || hasOthers) this.#seats = bounds.nominal
    this.#bounds = bounds
    if (hasOthers) {
      const waiting = this.#queues.flatMap(queue => queue.waiting)
      this.#queues = Array.from({ length: queues }, (_, index) => newQueue(index))
      for (const one of waiting) {
        const queue = this.#queueFor(one.ticket)
        if (queue) queue.waiting.push(one)
        else this.#turnAway(one, 'concurrency-limit')
      }
    }
    this.#dispatch()
  }

  /** Lends or borrows: as many as this from now on. */
  adjust(seats: number): void {
    this.#seats = seats
    this.#dispatch()
  }

  /** Asks for seats. Undefined once the request has them, and then `leave` must follow; else why it has not. */
  async enter(ticket: Ticket, signal: AbortSignal): Promise<Rejection | undefined> {
    if (this.isExempt) return this.#seat(ticket, undefined)
    const queue = this.#queueFor(ticket)
    if (this.waiting === 0 && this.#hasRoom(ticket.seats)) return this.#seat(ticket, queue)
    const { queueLengthLimit = 0 } = this.#spec.limited?.limitResponse?.queuing ?? {}
    if (!queue || queue.waiting.length >= queueLengthLimit) {
      this.counts.rejected++
      return queue ? 'queue-full' : 'concurrency-limit'
    }
    return new Promise(resolve => {
      const give = (rejection: Rejection) => {
        if (this.#forget(waiting)) this.#turnAway(waiting, rejection)
      }
      const cancel = () => give('cancelled')
      const settle = (rejection: Rejection | undefined) => {
        clearTimeout(waiting.timer)
        signal.removeEventListener('abort', cancel)
        resolve(rejection)
      }
      const waiting: Waiting = { ticket, settle, timer: setTimeout(give, MOST_WAIT_MS, 'time-out') }
      signal.addEventListener('abort', cancel)
      if (queue.waiting.length === 0 && queue.executing === 0) {
        queue.served = Math.max(queue.served, this.#served)
      }
      queue.waiting.push(waiting)
      this.#want(ticket.seats)
    })
  }

  /** The request is over: its seats are free. */
  leave(ticket: Ticket): void {
    const executing = this.executing.get(ticket)
    if (!executing) return
    this.executing.delete(ticket)
    this.#taken -= ticket.seats
    const { queue, startedMs } = executing
    if (queue) {
      queue.executing--
      queue.taken -= ticket.seats
      queue.served += ticket.seats * ((this.#now() - startedMs) / 1000 - USUAL_SECONDS)
    }
    this.#want(-ticket.seats)
    this.#dispatch()
  }

  #hasRoom(seats: number): boolean {
    // One that is wider than the level has it to itself.
    return this.#taken + seats <= this.#seats || this.#taken === 0
  }

  #seat(ticket: Ticket, queue: Queue | undefined): undefined {
    this.#want(ticket.seats)
    this.#execute(ticket, queue)
  }

  #execute(ticket: Ticket, queue: Queue | undefined): void {
    this.counts.dispatched++
    this.#taken += ticket.seats
    this.executing.set(ticket, { queue, startedMs: this.#now() })
    if (!queue) return
    queue.executing++
    queue.taken += ticket.seats
    queue.served = Math.max(queue.served, queue.executing === 1 ? this.#served : 0)
    this.#served = queue.served
    queue.served += ticket.seats * USUAL_SECONDS
  }

  /** Of the flow's hand, the queue in which the least waits. */
  #queueFor({ hash }: Ticket): Queue | undefined {
    const { handSize = 0 } = this.#spec.limited?.limitResponse?.queuing ?? {}
    let best: Queue | undefined
    for (const card of deal(hash, this.#queues.length, handSize)) {
      const queue = this.#queues[card]!
      if (!best || queue.waiting.length < best.waiting.length) best = queue
    }
    return best
  }

  /** Gives seats to those who wait, as long as there are some. */
  #dispatch(): void {
    for (;;) {
      let next: Queue | undefined
      for (const queue of this.#queues) {
        if (queue.waiting.length > 0 && (!next || queue.served < next.served)) next = queue
      }
      const first = next?.waiting[0]
      if (!next || !first || !this.#hasRoom(first.ticket.seats)) return
      next.waiting.shift()
      this.#execute(first.ticket, next)
      first.settle(undefined)
    }
  }

  /** False when it waits no more. */
  #forget(waiting: Waiting): boolean {
    for (const queue of this.#queues) {
      const place = queue.waiting.indexOf(waiting)
      if (place < 0) continue
      queue.waiting.splice(place, 1)
      return true
    }
    return false
  }

  #turnAway({ ticket, settle }: Waiting, rejection: Rejection): void {
    if (rejection === 'cancelled') this.counts.cancelled++
    else if (rejection === 'time-out') this.counts.timedOut++
    else this.counts.rejected++
    this.#want(-ticket.seats)
    settle(rejection)
    this.#dispatch()
  }

  #want(seats: number): void {
    this.#wanted += seats
    this.demand.set(this.#wanted, this.#now())
  }
}

function newQueue(index: number): Queue {
  return { index, waiting: [], executing: 0, taken: 0, served: 0 }
}
