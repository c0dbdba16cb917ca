/**
 * One HTTP request and its answer, over HTTP/2 or 1.1 alike. An answer is sent once; a client that has gone is
 * nobody's problem.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Status, statuses } from '../api/index.ts'
import type { UserInfo } from '../client/index.ts'
import { toYaml } from '../kubectl/index.ts'
import { NO_ANSWER } from './gateway.ts'
import type { Encoding } from './negotiate.ts'
import { MOST_WAITING_BYTES } from './waiting.ts'

/** Bodies that are read: etcd's own limit times two, as upstream. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024

/** Upstream's `--request-timeout`. */
export const REQUEST_PATIENCE_MS = 60_000

/** A socket that is to change its protocol, and what of it has been read already. */
export interface Connection {
  readonly socket: Duplex
  readonly head: Buffer
}

interface ExchangeOptions {
  readonly connection?: Connection
  /** How long a body may take to come, and how long a client may take nothing of an answer. */
  readonly patienceMs?: number
}

/** A subprotocol that is none, but a bearer token: pages in a browser cannot send headers with a WebSocket. */
export const TOKEN_PROTOCOL = 'base64url.bearer.authorization.k8s.io.'

export class Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly method: string
  /** Without the query, not unescaped. */
  readonly path: string
  readonly query: URLSearchParams
  /** Who asks; settled before any handler is called. */
  user: UserInfo = { name: '', groups: [] }
  /** Where the client wants to go on with a WebSocket; whoever cannot answers as ever. */
  readonly connection: Connection | undefined
  #isAnswered = false
  #begun: (() => void) | undefined
  readonly #patienceMs: number

  constructor(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { connection, patienceMs = REQUEST_PATIENCE_MS }: ExchangeOptions = {},
  ) {
    this.#patienceMs = patienceMs
    this.incoming = incoming
    this.outgoing = outgoing
    const isWebSocket = incoming.headers.upgrade?.toLowerCase() === 'websocket'
    this.connection = isWebSocket ? connection : undefined
    this.method = incoming.method ?? 'GET'
    const { path, query } = splitUrl(incoming.url ?? '/')
    this.path = path
    this.query = query
  }

  header(name: string): string | undefined {
    const value = this.incoming.headers[name]
    return Array.isArray(value) ? value[0] : value
  }

  /** Every value of a header that may come more than once. */
  headers(name: string): readonly string[] {
    const value = this.incoming.headersDistinct?.[name] ?? this.incoming.headers[name]
    if (value === undefined) return []
    return Array.isArray(value) ? value : value.split(',').map(text => text.trim())
  }

  /** The subprotocols that a WebSocket's client offers. */
  get subprotocols(): readonly string[] {
    const offered = this.headers('sec-websocket-protocol').flatMap(text => text.split(/\s*,\s*/))
    return offered.filter(protocol => protocol !== '' && !protocol.startsWith(TOKEN_PROTOCOL))
  }

  /** False when nobody listens any more, or has been answered. */
  get isOpen(): boolean {
    return !this.#isAnswered && !this.outgoing.destroyed && !this.outgoing.writableEnded
  }

  /** Whether JSON is to be laid out for a person, as upstream guesses it. */
  get isPretty(): boolean {
    const asked = this.query.get('pretty')
    if (asked !== null) return asked !== 'false' && asked !== '0'
    return /^(curl|Wget|Mozilla\/5\.0)/.test(this.header('user-agent') ?? '')
  }

  /** Answers as upstream does where no path leads. */
  notFound(): void {
    this.write(404, 'text/plain; charset=utf-8', '404 page not found\n')
  }

  /** Answers with an object. */
  send(code: number, body: unknown, encoding: Encoding = 'json', warnings?: readonly string[]): void {
    const text =
      encoding === 'yaml'
        ? toYaml(body)
        : `${JSON.stringify(body, undefined, this.isPretty ? 2 : undefined)}\n`
    this.write(code, `application/${encoding}`, text, warnings)
  }

  /** Answers with a Status: its code, and Retry-After when it has one. */
  refuse(status: Status, encoding: Encoding = 'json', warnings?: readonly string[]): void {
    const { retryAfterSeconds } = status.details ?? {}
    if (retryAfterSeconds && this.isOpen) {
      this.outgoing.setHeader('retry-after', String(retryAfterSeconds))
    }
    this.send(status.code ?? 500, status, encoding, warnings)
  }

  /** Answers with any text or bytes. */
  write(code: number, contentType: string, body: string | Buffer, warnings: readonly string[] = []): void {
    if (!this.isOpen) return
    this.#isAnswered = true
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    this.begin(code, contentType, { 'content-length': bytes.length }, warnings)
    this.outgoing.end(this.method === 'HEAD' ? undefined : bytes)
    // What is left of a body nobody reads would hold the connection.
    if (!this.incoming.readableEnded) this.incoming.resume()
  }

  /**
   * Answers with JSON that comes in pieces, each made when the client has taken the one before: what waits for slow
   * readers has a bound. One that takes nothing for too long is let go.
   */
  async stream(code: number, pieces: Iterable<string>, warnings: readonly string[] = []): Promise<void> {
    if (!this.isOpen) return
    const iterator = pieces[Symbol.iterator]()
    const first = iterator.next()
    const second = first.done ? first : iterator.next()
    if (second.done) {
      this.write(code, 'application/json', first.done ? '' : first.value, warnings)
      return
    }
    this.#isAnswered = true
    this.begin(code, 'application/json', {}, warnings)
    const { outgoing } = this
    let piece: string | undefined = this.method === 'HEAD' ? undefined : (first.value as string)
    let next: IteratorResult<string> = second
    while (piece !== undefined && !outgoing.destroyed) {
      if (!outgoing.write(piece) && !(await drained(outgoing, this.#patienceMs))) {
        outgoing.destroy()
        return
      }
      piece = next.done ? undefined : next.value
      next = next.done ? next : iterator.next()
    }
    outgoing.end()
  }

  /** Calls `begun` once the head of the answer has been sent, or the socket has been handed over. */
  whenBegun(begun: () => void): void {
    this.#begun = begun
  }

  /** Sends the head of an answer whose body comes piece by piece. */
  begin(
    code: number,
    contentType: string,
    more: Readonly<Record<string, string | number>> = {},
    warnings: readonly string[] = [],
  ): void {
    const headers: Record<string, string | number | string[]> = {
      'content-type': contentType,
      'cache-control': 'no-cache, private',
      ...more,
    }
    if (warnings.length > 0) headers.warning = warnings.map(warningHeader)
    this.outgoing.writeHead(code, headers)
    this.#begun?.()
  }

  /** From now on the socket speaks another protocol: nothing is answered any more. */
  handOver(): void {
    this.#isAnswered = true
    this.outgoing.statusCode = 101
    this.#begun?.()
  }

  /** Breaks off without an answer: the server behind the door is down. */
  breakOff(): void {
    this.#isAnswered = true
    this.outgoing.destroy()
  }

  /** After a bug: a 500, or what has begun is broken off. */
  fail(): void {
    if (this.isOpen && !this.outgoing.headersSent) this.refuse(statuses.internalError(NO_ANSWER))
    else this.breakOff()
  }

  /** Whether too much waits for a client that does not read; it has been let go then. */
  letGoOfSleeper(): boolean {
    if (this.outgoing.writableLength <= MOST_WAITING_BYTES) return false
    this.outgoing.destroy()
    return true
  }

  /** The whole body. One that is over the limit, or does not come in time, or whose client vanished, is none. */
  readBody(limitBytes = BODY_LIMIT_BYTES): Promise<Buffer | 'too large' | 'too late' | 'gone'> {
    const { incoming } = this
    if (Number(incoming.headers['content-length'] ?? 0) > limitBytes) return Promise.resolve('too large')
    return new Promise(resolve => {
      const chunks: Buffer[] = []
      let size = 0
      const settle = (result: Buffer | 'too large' | 'too late' | 'gone') => {
        clearTimeout(timer)
        incoming.off('data', take)
        resolve(result)
      }
      const timer = setTimeout(settle, this.#patienceMs, 'too late')
      const take = (chunk: Buffer) => {
        size += chunk.length
        if (size > limitBytes) settle('too large')
        else chunks.push(chunk)
      }
      incoming.on('data', take)
      incoming.once('end', () => settle(Buffer.concat(chunks)))
      incoming.once('error', () => settle('gone'))
      incoming.once('aborted', () => settle('gone'))
      incoming.once('close', () => settle('gone'))
    })
  }
}

/** True when more may be written; false when the client has gone or sleeps. */
function drained(outgoing: ServerResponse, patienceMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const settle = (isReady: boolean) => {
      clearTimeout(timer)
      outgoing.off('drain', ready)
      outgoing.off('close', gone)
      resolve(isReady)
    }
    const ready = () => settle(true)
    const gone = () => settle(false)
    const timer = setTimeout(gone, patienceMs)
    outgoing.once('drain', ready)
    outgoing.once('close', gone)
  })
}

/** RFC 7234's warning with code 299, as client-go reads it. */
function warningHeader(text: string): string {
  const clean = text
    .replaceAll(/[^\t\x20-\x7e]/g, '?')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
  return `299 - "${clean}"`
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  // A proxy's absolute form: only its path counts.
  const rest = url.replace(/^https?:\/\/[^/]*/, '')
  const mark = rest.indexOf('?')
  if (mark < 0) return { path: rest, query: new URLSearchParams() }
  return { path: rest.slice(0, mark), query: new URLSearchParams(rest.slice(mark + 1)) }
}
