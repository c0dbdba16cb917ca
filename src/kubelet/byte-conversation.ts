/**
 * A TCP connection from outside the simulation into a simulated program: bytes become requests, answers become
 * bytes. Speaks HTTP/1.1 (keep-alive, bodies by length or in chunks) and redis' protocol; anything else is taken
 * line by line. Simplified: an answer is sent when it is whole.
 */
import { headText } from './commands/http-client.ts'
import type { AppRequest, AppResponse } from './container-network.ts'
import { ByteDecoder, toBytes } from './io/bytes.ts'
import { Inbox, type Reading } from './io/inbox.ts'

export interface PortListener {
  data(chunk: Uint8Array): void
  /** The program has closed the connection. */
  ended(): void
  /** There was nobody to talk to. */
  failed(message: string): void
}

export interface PortSession {
  write(chunk: Uint8Array): void
  /** Nothing more will be written. */
  end(): void
  /** Bytes behind the request that is being answered: they wait. Those of a request that is not whole do not. */
  unread(): number
  close(): void
}

/** A whole request. */
interface Read {
  readonly request: AppRequest
  readonly isLast: boolean
}

/** Bodies and heads longer than this end the connection. */
const MAX_BYTES = 16 * 1024 * 1024

/** `ask` answers each request once; a failure ends the connection. */
export function byteConversation(
  ask: (request: AppRequest, reply: (response: AppResponse | { readonly error: string }) => void) => void,
  listener: PortListener,
): PortSession {
  const inbox = new Inbox()
  let reading = readRequest(inbox)
  let isBusy = false
  let isOver = false
  const finish = () => {
    if (isOver) return
    isOver = true
    listener.ended()
  }
  const next = () => {
    if (isBusy || isOver) return
    const step = reading.next()
    if (!step.done) {
      if (inbox.hasEnded || inbox.length > MAX_BYTES) finish()
      return
    }
    const read = step.value
    if (read === 'bad') {
      listener.data(toBytes('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
      finish()
      return
    }
    inbox.mark()
    reading = readRequest(inbox)
    isBusy = true
    ask(read.request, response => {
      if (isOver) return
      isBusy = false
      if ('error' in response) {
        isOver = true
        listener.failed(response.error)
        return
      }
      listener.data(toBytes(responseText(read.request, response)))
      if (read.isLast) finish()
      else next()
    })
  }
  return {
    write: chunk => {
      if (isOver || inbox.hasEnded) return
      inbox.push(chunk)
      next()
    },
    end: () => {
      inbox.end()
      next()
    },
    unread: () => (isBusy && !isOver ? inbox.length : 0),
    close: () => {
      isOver = true
    },
  }
}

/** Never done when the bytes end within a request. */
function* readRequest(inbox: Inbox): Reading<Read | 'bad'> {
  const first = (yield* inbox.line())!
  const isWhole = first.endsWith('\n')
  const data = withoutNewline(first)
  if (isWhole && /^[A-Z]+ \S+ HTTP\/1\.[01]$/.test(data)) return yield* readHttp(inbox, data)
  if (!isWhole && (/^[A-Z]{3,10} \//.test(data) || data.startsWith('*'))) yield
  if (data.startsWith('*')) return yield* readRedis(inbox, first)
  return { request: { protocol: 'tcp', data, clientIp: '127.0.0.1' }, isLast: false }
}

function* readHttp(inbox: Inbox, first: string): Reading<Read | 'bad'> {
  const [method = '', path = '', version = ''] = first.split(' ')
  const headers: Record<string, string> = {}
  let isBad = false
  for (;;) {
    const line = withoutNewline((yield* inbox.line())!)
    if (line === '') break
    const at = line.indexOf(':')
    if (at <= 0) isBad = true
    headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim()
  }
  if (isBad) return 'bad'
  const body = headers['transfer-encoding']?.toLowerCase().includes('chunked')
    ? yield* readChunks(inbox)
    : yield* readLength(inbox, Number(headers['content-length'] ?? 0))
  if (body === undefined) return 'bad'
  const connection = headers.connection?.toLowerCase() ?? ''
  const isLast =
    connection.includes('close') || (version === 'HTTP/1.0' && !connection.includes('keep-alive'))
  return { request: { protocol: 'http', method, path, headers, body, clientIp: '127.0.0.1' }, isLast }
}

/** Undefined for a length that is none. */
function* readLength(inbox: Inbox, bytes: number): Reading<string | undefined> {
  return isLength(bytes) ? yield* inbox.text(bytes) : undefined
}

/** Undefined for what are no chunks. A letter may lie in two of them. */
function* readChunks(inbox: Inbox): Reading<string | undefined> {
  const decoder = new ByteDecoder()
  const parts: string[] = []
  for (;;) {
    const size = /^([0-9a-fA-F]+)[^\r\n]*\r?\n$/.exec((yield* inbox.line(64)) ?? '')
    const bytes = Number.parseInt(size?.[1] ?? '', 16)
    if (!isLength(bytes)) return undefined
    parts.push(yield* inbox.part(bytes, decoder))
    if (withoutNewline((yield* inbox.line(2)) ?? 'more') !== '') return undefined
    if (bytes === 0) return parts.join('') + decoder.end()
  }
}

/** One command as an array of strings: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`. */
function* readRedis(inbox: Inbox, first: string): Reading<Read | 'bad'> {
  const head = /^\*(\d+)\r\n$/.exec(first)
  if (!head) return 'bad'
  const words: string[] = []
  for (let i = 0; i < Number(head[1]); i++) {
    const size = /^\$(\d+)\r\n$/.exec((yield* inbox.line(32)) ?? '')
    const word = yield* readLength(inbox, Number(size?.[1]))
    if (word === undefined) return 'bad'
    words.push(word)
    yield* inbox.text(2)
  }
  const request = { protocol: 'tcp' as const, data: words.join(' '), clientIp: '127.0.0.1', isRedis: true }
  return { request, isLast: false }
}

function isLength(bytes: number): boolean {
  return Number.isSafeInteger(bytes) && bytes >= 0
}

function withoutNewline(line: string): string {
  return line.replace(/\r?\n$/, '')
}

function responseText(request: AppRequest, response: AppResponse): string {
  if (response.protocol === 'http') {
    const isHead = request.protocol === 'http' && request.method === 'HEAD'
    return headText(response) + (isHead ? '' : response.body)
  }
  const { data } = response
  if (request.protocol !== 'tcp' || !('isRedis' in request)) return data === '' ? '' : `${data}\n`
  if (/^[-+:]|^\$-1$/.test(data)) return `${data}\r\n`
  if (/^lrange\b/i.test(request.data)) {
    const items = data === '' ? [] : data.split('\n')
    return `*${items.length}\r\n${items.map(bulk).join('')}`
  }
  return bulk(data)
}

function bulk(text: string): string {
  return `$${toBytes(text).length}\r\n${text}\r\n`
}
