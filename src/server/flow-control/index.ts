/**
 * API priority and fairness: each request is sorted by the cluster's FlowSchemas into a priority level and waits there
 * for a seat, or is told to come back. Mirrors the configuration controller and filter of k8s.io/apiserver
 * (apf_controller.go). It stands before the simulation, in real time: nothing of it is recorded.
 */
import {
  type FlowSchema,
  FlowSchemas,
  type PriorityLevelConfiguration,
  PriorityLevelConfigurations,
  type Status,
  statuses,
} from '../../api/index.ts'
import type { ApiServer } from '../../apiserver/index.ts'
import { PriorityLevel, type Rejection, type Ticket } from './level.ts'
import { CATCH_ALL, EXEMPT } from './mandatory.ts'
import { distinguisherOf, type FlowRequest, isFor } from './match.ts'
import { boundsOf, divide, SERVER_SEATS, sharesOf } from './seats.ts'
import { hashFlow } from './shuffle.ts'
import { seatsFor } from './width.ts'

export { dumpOf } from './dump.ts'
export type { FlowRequest } from './match.ts'

/** How often levels lend and borrow anew. */
const ADJUSTED_EVERY_MS = 10_000

/** What the server's cache of objects is asked for. */
export type Configured = Pick<ApiServer, 'readAll' | 'changesOf' | 'countOf'>

/** A request that has been sorted. */
export interface Sorted {
  readonly schema: FlowSchema
  readonly level: PriorityLevel
  /** The level's object. */
  readonly configuration: PriorityLevelConfiguration
  readonly ticket: Ticket
}

/** Numbers of one flow schema at one level, as /metrics shows them. */
export interface FlowCounts {
  readonly schema: string
  readonly level: string
  executing: number
  executingSeats: number
  waiting: number
  dispatched: number
  readonly rejected: Map<Rejection, number>
}

export class FlowControl {
  readonly levels = new Map<string, PriorityLevel>()
  /** Requests under way, as `apiserver_current_inflight_requests` has them. */
  readonly inFlight = { readOnly: 0, mutating: 0 }
  readonly #counts = new Map<string, FlowCounts>()
  readonly #now: () => number
  #schemas: readonly FlowSchema[] = []
  #configurations = new Map<string, PriorityLevelConfiguration>()
  #read: { readonly server: Configured; readonly changes: string } | undefined
  #adjustedMs: number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#adjustedMs = now()
  }

  get counts(): Iterable<FlowCounts> {
    return this.#counts.values()
  }

  /** Finds the first schema that is for the request, and its level. */
  sort(request: FlowRequest, server: Configured, query: URLSearchParams): Sorted {
    this.#readConfiguration(server)
    const schema = this.#schemas.find(one => isFor(one, request)) ?? CATCH_ALL.schema
    const name = schema.spec.priorityLevelConfiguration.name
    const level = this.levels.get(name)!
    const distinguisher = distinguisherOf(schema, request)
    const ticket: Ticket = {
      schema: schema.metadata.name,
      distinguisher,
      hash: hashFlow(schema.metadata.name, distinguisher),
      seats: seatsFor(request.route, query, level.bounds.nominal, (apiVersion, plural) =>
        server.countOf(apiVersion, plural),
      ),
      arrivedMs: this.#now(),
    }
    return { schema, level, configuration: this.#configurations.get(name)!, ticket }
  }

  /** Waits for a seat. Gives what frees it again, or undefined when there is none to be had. */
  async enter(
    { level, ticket }: Sorted,
    isReadOnly: boolean,
    signal: AbortSignal,
  ): Promise<(() => void) | undefined> {
    this.#adjust()
    const counts = this.#countsOf(ticket, level)
    counts.waiting++
    const rejection = await level.enter(ticket, signal)
    counts.waiting--
    if (rejection) {
      counts.rejected.set(rejection, (counts.rejected.get(rejection) ?? 0) + 1)
      return undefined
    }
    const which = isReadOnly ? 'readOnly' : 'mutating'
    const count = (by: number) => {
      this.inFlight[which] += by
      counts.executing += by
      counts.executingSeats += by * ticket.seats
    }
    counts.dispatched++
    count(1)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      count(-1)
      level.leave(ticket)
      this.#adjust()
    }
  }

  #countsOf({ schema }: Ticket, { name: level }: PriorityLevel): FlowCounts {
    const key = `${level} ${schema}`
    let counts = this.#counts.get(key)
    if (!counts) {
      counts = {
        schema,
        level,
        executing: 0,
        executingSeats: 0,
        waiting: 0,
        dispatched: 0,
        rejected: new Map(),
      }
      this.#counts.set(key, counts)
    }
    return counts
  }

  /** Looks at the objects again when one of them has changed. */
  #readConfiguration(server: Configured): void {
    const changes = `${server.changesOf(FlowSchemas)} ${server.changesOf(PriorityLevelConfigurations)}`
    if (this.#read?.server === server && this.#read.changes === changes) return
    this.#read = { server, changes }
    const byName = <T extends { metadata: { name: string } }>(all: readonly T[]) =>
      new Map(all.map(one => [one.metadata.name, one]))
    this.#configurations = byName(server.readAll(PriorityLevelConfigurations))
    const schemas = byName(server.readAll(FlowSchemas))
    // Some are there though nobody has made them.
    for (const { schema, level } of [EXEMPT, CATCH_ALL]) {
      if (!this.#configurations.has(level.metadata.name)) this.#configurations.set(level.metadata.name, level)
      if (!schemas.has(schema.metadata.name)) schemas.set(schema.metadata.name, schema)
    }
    this.#schemas = [...schemas.values()]
      .filter(({ spec }) => this.#configurations.has(spec.priorityLevelConfiguration.name))
      .sort(
        (a, b) =>
          a.spec.matchingPrecedence! - b.spec.matchingPrecedence! ||
          (a.metadata.name < b.metadata.name ? -1 : 1),
      )
    this.#configureLevels()
  }

  #configureLevels(): void {
    const all = [...this.#configurations.values()]
    const allShares = all.reduce((sum, { spec }) => sum + sharesOf(spec), 0)
    for (const { metadata, spec } of all) {
      let level = this.levels.get(metadata.name)
      if (!level) {
        level = new PriorityLevel(metadata.name, this.#now)
        this.levels.set(metadata.name, level)
      }
      level.configure(spec, boundsOf(spec, allShares))
    }
    // Who is still at one that has gone goes on there.
    for (const name of this.levels.keys()) if (!this.#configurations.has(name)) this.levels.delete(name)
  }

  /** Every ten seconds that anything happens in, seats go where they are wanted. */
  #adjust(): void {
    const now = this.#now()
    if (now - this.#adjustedMs < ADJUSTED_EVERY_MS) return
    this.#adjustedMs = now
    const limited = [...this.levels.values()].filter(level => !level.isExempt)
    const wishes = limited.map(({ bounds, demand }) => {
      const { highest, smoothed } = demand.settle(now)
      const least = Math.max(bounds.least, Math.min(bounds.nominal, highest))
      return { least, most: bounds.most, target: Math.max(least, smoothed) }
    })
    const exempt = [...this.levels.values()].filter(level => level.isExempt)
    const left = exempt.reduce((seats, { bounds }) => seats - bounds.least, SERVER_SEATS)
    divide(left, wishes).forEach((seats, i) => {
      limited[i]!.adjust(seats)
    })
  }
}

/** What is too much is told to come back. Upstream says the same as plain text. */
export const TOO_MANY: Status = Object.freeze(
  statuses.tooManyRequests('Too many requests, please try again later.', 1),
)
