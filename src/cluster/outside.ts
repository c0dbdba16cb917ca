/**
 * Clients outside the simulation as inputs: requests and watches of a real kubectl, recorded as plain data and sent
 * over the simulated wire like everyone's, so that a served run can be played again.
 */
import type { Scheme, Status } from '../api/index.ts'
import { statuses } from '../api/index.ts'
import type {
  ApiPort,
  ApiRequest,
  ApiResult,
  ApiServerPort,
  RequestOptions,
  UserInfo,
  Verb,
  WatchEvent,
  Wire,
} from '../client/index.ts'
import type { Routine } from '../sim/index.ts'

/** An {@link ApiRequest} whose kind is named and not held: it can be written down. */
export interface OutsideRequest {
  readonly verb: Verb
  /** `v1`, `apps/v1` */
  readonly apiVersion: string
  /** `pods` */
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly subresource: string
  /** Plain JSON. It is copied before use. */
  readonly body?: unknown
  readonly options: RequestOptions
  readonly userAgent?: string
  /** See {@link ApiRequest}. */
  readonly duplicateFields?: readonly string[]
}

/** How a watch ended: with a Status when the server said why. */
export interface WatchEnd {
  readonly status: Status | undefined
}

/** Hears of a watch, on the loop. */
export interface WatchListener {
  /** The server has let it in. */
  opened?(): void
  events(events: readonly WatchEvent[]): void
}

/** The name of everyone outside on the simulated wire. */
const OUTSIDE = 'outside'

/** One wire for all clients outside; each request carries its own user. */
export class OutsideClients {
  readonly #users = new WeakMap<ApiRequest, UserInfo>()
  readonly #scheme: Scheme
  readonly #connection: ApiPort

  constructor(wire: Wire, serverName: string, scheme: Scheme, server: () => ApiServerPort | undefined) {
    this.#scheme = scheme
    this.#connection = wire.connect(OUTSIDE, serverName, () => this.#asCaller(server()), NOBODY)
  }

  /** Sends a request. A kind that is not there, or no longer, is a 404. */
  *request(user: UserInfo, outside: OutsideRequest): Routine<ApiResult> {
    const request = this.#read(user, outside)
    if (!request) return NO_SUCH_KIND
    return (yield {
      arm: process => this.#connection.request(request, result => process.resume(result)),
    }) as ApiResult
  }

  /** Watches until the watch ends; killing the process ends it from the client's side. */
  *watch(user: UserInfo, outside: OutsideRequest, listener?: WatchListener): Routine<WatchEnd> {
    const request = this.#read(user, outside)
    if (!request) return { status: NO_SUCH_KIND.status }
    let stop = () => {}
    return (yield {
      arm: process => {
        const handle = this.#connection.watch(request, {
          opened: () => listener?.opened?.(),
          deliver: events => listener?.events(events),
          closed: status => process.resume({ status }),
        })
        stop = () => handle.stop()
      },
      disarm: () => stop(),
    }) as WatchEnd
  }

  #read(user: UserInfo, outside: OutsideRequest): ApiRequest | undefined {
    const { apiVersion, resource, body, ...rest } = outside
    const kind = this.#scheme.byResource(apiVersion, resource)
    if (!kind) return undefined
    const request: ApiRequest = { ...rest, kind, body: structuredClone(body), isFromWire: true }
    this.#users.set(request, user)
    return request
  }

  /** The server, told each request's own user. */
  #asCaller(server: ApiServerPort | undefined): ApiServerPort | undefined {
    if (!server) return undefined
    return {
      request: (_, request, reply) => server.request(this.#users.get(request) ?? NOBODY, request, reply),
      watch: (_, request, sink) => server.watch(this.#users.get(request) ?? NOBODY, request, sink),
    }
  }
}

const NOBODY: UserInfo = Object.freeze({ name: '', groups: [] })

const NO_SUCH_KIND: Extract<ApiResult, { ok: false }> = Object.freeze({
  ok: false,
  code: 404,
  status: {
    ...statuses.badRequest('the server could not find the requested resource'),
    reason: 'NotFound' as const,
    details: {},
    code: 404,
  },
})
