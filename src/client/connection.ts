/**
 * One client's connection to an API server over the {@link Wire}: requests and their answers. Watches are in
 * watch-stream.ts. What is lost on a cut link is sent again by TCP once the link heals, unless the client's
 * patience is over before: a timer that exists only when something was lost.
 */
import { CLIENT, type Status, statuses } from '../api/index.ts'
import { Chain, type Label, type Linked, type Scope, type Simulation, type Timer } from '../sim/index.ts'
import type {
  ApiPort,
  ApiRequest,
  ApiResult,
  ApiServerPort,
  UserInfo,
  WatchHandle,
  WatchSink,
} from './api-port.ts'
import type { Link } from './links.ts'
import { nextRetransmissionMs } from './retransmission.ts'
import { TokenBucket } from './token-bucket.ts'
import { WatchStream } from './watch-stream.ts'
import type { ConnectOptions } from './wire.ts'

/** What the wire gives a connection. */
export interface ConnectionParts {
  readonly sim: Simulation
  readonly clientName: string
  readonly serverName: string
  readonly server: () => ApiServerPort | undefined
  readonly user: UserInfo
  readonly options: ConnectOptions
  readonly up: Link
  readonly down: Link
  readonly isLimited: () => boolean
  readonly onRequest: () => void
}

interface Exchange extends Linked<Exchange> {
  readonly connection: Connection
  readonly request: ApiRequest
  readonly reply: (result: ApiResult<never>) => void
  sentMs: number
  result: ApiResult<never> | undefined
  /** Set while it is lost: the end of the client's patience. */
  patience: Timer | undefined
}

export class Connection implements ApiPort {
  readonly clientName: string
  readonly serverName: string
  readonly sim: Simulation
  readonly scope: Scope
  readonly user: UserInfo
  readonly server: () => ApiServerPort | undefined
  readonly up: Link
  readonly down: Link
  readonly #timeoutMs: number
  readonly #bucket: TokenBucket | undefined
  readonly #isLimited: () => boolean
  readonly #onRequest: () => void
  readonly #waitingAtServer = new Chain<Exchange>()
  readonly #lost = new Set<Exchange>()
  readonly #streams = new Set<WatchStream>()
  readonly #labels: { request: Label; reply: Label; throttled: Label; timeout: Label; again: Label }
  #upAtMs = 0
  #downAtMs = 0
  #isOver = false

  constructor(parts: ConnectionParts) {
    const { sim, options } = parts
    this.sim = sim
    this.clientName = parts.clientName
    this.serverName = parts.serverName
    this.server = parts.server
    this.user = parts.user
    this.up = parts.up
    this.down = parts.down
    this.scope = options.scope ?? sim.root
    this.#timeoutMs = options.timeoutMs ?? CLIENT.requestTimeoutMs
    this.#bucket = options.rateLimit && new TokenBucket(options.rateLimit.qps, options.rateLimit.burst)
    this.#isLimited = parts.isLimited
    this.#onRequest = parts.onRequest
    this.#labels = {
      request: sim.label('wire/request'),
      reply: sim.label('wire/reply'),
      throttled: sim.label('client/throttled'),
      timeout: sim.label('wire/timeout'),
      again: sim.label('wire/retransmission'),
    }
  }

  /** False when nobody can use it any more. */
  get isWanted(): boolean {
    return !this.#isOver && (this.scope.isAlive || this.#streams.size > 0)
  }

  get isCut(): boolean {
    return this.up.isCut || this.down.isCut
  }

  request(request: ApiRequest, reply: (result: ApiResult<never>) => void): void {
    if (!this.scope.isAlive || this.#isOver) return
    const exchange: Exchange = {
      connection: this,
      request,
      reply,
      sentMs: this.sim.now,
      result: undefined,
      patience: undefined,
      before: undefined,
      after: undefined,
    }
    const waitMs = this.countRequest()
    if (waitMs === 0) this.#send(exchange)
    else this.scope.schedule(waitMs, this.#labels.throttled, sendLater, exchange)
  }

  watch(request: ApiRequest, sink: WatchSink): WatchHandle {
    const stream = new WatchStream(this, request, sink)
    if (!this.scope.isAlive || this.#isOver) return stream
    this.#streams.add(stream)
    stream.open(this.countRequest(), this.#timeoutMs)
    return stream
  }

  /** Counts a request against the rate limit; gives the ms it has to wait. */
  countRequest(): number {
    this.#onRequest()
    return this.#bucket && this.#isLimited() ? this.#bucket.reserve(this.sim.now) : 0
  }

  /** The delay until a message sent now to the server is there: never before one sent earlier. */
  delayUpMs(): number {
    this.#upAtMs = Math.max(this.#upAtMs, this.sim.now + this.up.nextDelayMs())
    return this.#upAtMs - this.sim.now
  }

  delayDownMs(): number {
    this.#downAtMs = Math.max(this.#downAtMs, this.sim.now + this.down.nextDelayMs())
    return this.#downAtMs - this.sim.now
  }

  forget(stream: WatchStream): void {
    this.#streams.delete(stream)
  }

  /** A link was cut, slowed or healed. */
  linkChanged(): void {
    for (const stream of this.#streams) stream.linkChanged()
    if (this.isCut || this.#lost.size === 0) return
    const lost = [...this.#lost]
    this.#lost.clear()
    for (const exchange of lost) {
      this.sim.cancel(exchange.patience)
      exchange.patience = undefined
      const delayMs = nextRetransmissionMs(this.sim.now - exchange.sentMs)
      this.sim.root.schedule(delayMs, this.#labels.again, sendAgain, exchange)
    }
  }

  /** The link has healed, and TCP tries again. */
  sendAgain(exchange: Exchange): void {
    if (this.#isOver || !this.scope.isAlive) return
    if (exchange.result) this.#sendBack(exchange, exchange.result)
    else if (this.up.isCut) this.#lose(exchange)
    else this.sim.root.schedule(this.delayUpMs(), this.#labels.request, atServer, exchange)
  }

  /** The server's process is gone: the operating system resets its connections. */
  serverDied(): void {
    for (const exchange of this.#takeWaiting()) {
      this.#sendBack(exchange, noAnswer('unexpected EOF'))
    }
    for (const stream of [...this.#streams]) stream.serverDied()
  }

  /** The client's process is gone: the server sees its watches end. */
  clientDied(): void {
    this.#isOver = true
    for (const stream of [...this.#streams]) stream.abandon()
    this.#takeWaiting()
    this.#lost.clear()
  }

  send(exchange: Exchange): void {
    this.#send(exchange)
  }

  /** The request is at the server's door. */
  arriveAtServer(exchange: Exchange): void {
    if (this.up.isCut) {
      this.#lose(exchange)
      return
    }
    const server = this.server()
    if (!server) {
      this.#sendBack(exchange, noAnswer(this.refusal()))
      return
    }
    this.#waitingAtServer.add(exchange)
    server.request(this.user, exchange.request, result => {
      if (this.#waitingAtServer.remove(exchange)) this.#sendBack(exchange, result)
    })
  }

  arriveAtClient(exchange: Exchange): void {
    if (this.down.isCut) {
      this.#lose(exchange)
      return
    }
    if (this.scope.isAlive && !this.#isOver) exchange.reply(exchange.result!)
  }

  timedOut(exchange: Exchange): void {
    this.#lost.delete(exchange)
    if (!this.#isOver) exchange.reply(noAnswer(`dial tcp ${this.serverName}:6443: i/o timeout`))
  }

  refusal(): string {
    return `dial tcp ${this.serverName}:6443: connect: connection refused`
  }

  /** Every exchange that the server has not answered: it may answer them no more. */
  #takeWaiting(): Exchange[] {
    const waiting: Exchange[] = []
    for (let at = this.#waitingAtServer.first; at; at = this.#waitingAtServer.first) {
      this.#waitingAtServer.remove(at)
      waiting.push(at)
    }
    return waiting
  }

  #send(exchange: Exchange): void {
    exchange.sentMs = this.sim.now
    if (this.up.isCut) this.#lose(exchange)
    else this.sim.root.schedule(this.delayUpMs(), this.#labels.request, atServer, exchange)
  }

  #sendBack(exchange: Exchange, result: ApiResult<never>): void {
    exchange.result = result
    if (this.down.isCut) this.#lose(exchange)
    else this.sim.root.schedule(this.delayDownMs(), this.#labels.reply, atClient, exchange)
  }

  /** Nothing comes while the link is cut; the client gives up when its patience is over. */
  #lose(exchange: Exchange): void {
    if (exchange.patience) return
    const leftMs = Math.max(0, exchange.sentMs + this.#timeoutMs - this.sim.now)
    exchange.patience = this.scope.schedule(leftMs, this.#labels.timeout, timedOut, exchange)
    this.#lost.add(exchange)
  }
}

/** An answer that no server gave: code 0. */
function noAnswer(why: string): ApiResult<never> {
  const status: Status = statuses.serviceUnavailable(why)
  return { ok: false, code: 0, status }
}

function sendAgain(exchange: Exchange): void {
  exchange.connection.sendAgain(exchange)
}
function sendLater(exchange: Exchange): void {
  exchange.connection.send(exchange)
}
function atServer(exchange: Exchange): void {
  exchange.connection.arriveAtServer(exchange)
}
function atClient(exchange: Exchange): void {
  exchange.connection.arriveAtClient(exchange)
}
function timedOut(exchange: Exchange): void {
  exchange.connection.timedOut(exchange)
}
