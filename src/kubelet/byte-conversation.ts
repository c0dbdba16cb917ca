/**
 * A TCP connection from outside the simulation into a simulated program: bytes become requests, answers become
 * bytes. Speaks HTTP/1.1 (keep-alive, bodies by length or in chunks) and redis' protocol; anything else is taken
 * line by line. Simplified: an answer is sent when it is whole.
 */
import { headText } from './commands/http-client.ts'
import type { AppRequest, AppResponse } from './container-network.ts'
import { ByteDecoder, toBytes } from './io/bytes.ts'

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
  close(): void
}

/** A whole request, and how many bytes of the text it took. */
interface Read {
  readonly request: AppRequest
  readonly length: number
  readonly isLast: boolean
}

/** Bodies and heads longer than this end the connection. */
const MAX_BYTES = 16 * 1024 * 1024

/** `ask` answers each request once; a failure ends the connection. */
export function byteConversation(
  ask: (request: AppRequest, reply: (response: AppResponse | { readonly error: string }) => void) => void,
  listener: PortListener,
): PortSession {
  const decoder = new ByteDecoder()
  let text = ''
  let isBusy = false
  let isOver = false
  let hasEnded = false
  const finish = () => {
    if (isOver) return
    isOver = true
    listener.ended()
  }
  const next = () => {
    if (isBusy || isOver) return
    const read = readRequest(text, hasEnded)
    if (read === 'more') {
      if (text.length > MAX_BYTES) finish()
      else if (hasEnded) finish()
      return
    }
    if (read === 'bad') {
      listener.data(toBytes('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
      finish()
      return
    }
    text = text.slice(read.length)
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
      if (isOver || hasEnded) return
      text += decoder.decode(chunk)
      next()
    },
    end: () => {
      hasEnded = true
      next()
    },
    close: () => {
      isOver = true
    },
  }
}

function readRequest(text: string, isEnd: boolean): Read | 'more' | 'bad' {
  if (/^[A-Z]+ \S+ HTTP\/1\.[01]\r?\n/.test(text)) return readHttp(text)
  if (/^[A-Z]{3,10} \//.test(text) && !text.includes('\n')) return 'more'
  if (text.startsWith('*')) return readRedis(text)
  const end = text.indexOf('\n')
  if (end < 0 && !(isEnd && text !== '')) return 'more'
  const length = end < 0 ? text.length : end + 1
  const data = text.slice(0, length).replace(/\r?\n$/, '')
  return { request: { protocol: 'tcp', data, clientIp: '127.0.0.1' }, length, isLast: false }
}

function readHttp(text: string): Read | 'more' | 'bad' {
  const headEnd = /\r?\n\r?\n/.exec(text)
  if (!headEnd) return 'more'
  const [first = '', ...lines] = text.slice(0, headEnd.index).split(/\r?\n/)
  const [method = '', path = '', version = ''] = first.split(' ')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    if (at <= 0) return 'bad'
    headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim()
  }
  const from = headEnd.index + headEnd[0].length
  const body = headers['transfer-encoding']?.toLowerCase().includes('chunked')
    ? readChunks(text, from)
    : readLength(text, from, Number(headers['content-length'] ?? 0))
  if (typeof body === 'string') return body
  const connection = headers.connection?.toLowerCase() ?? ''
  const isLast =
    connection.includes('close') || (version === 'HTTP/1.0' && !connection.includes('keep-alive'))
  const request = { protocol: 'http' as const, method, path, headers, body: body.text, clientIp: '127.0.0.1' }
  return { request, length: body.end, isLast }
}

type Body = { readonly text: string; readonly end: number } | 'more' | 'bad'

function readLength(text: string, from: number, bytes: number): Body {
  if (!Number.isSafeInteger(bytes) || bytes < 0) return 'bad'
  let end = from
  let left = bytes
  while (left > 0 && end < text.length) {
    const letter = String.fromCodePoint(text.codePointAt(end)!)
    left -= toBytes(letter).length
    end += letter.length
  }
  return left > 0 ? 'more' : { text: text.slice(from, end), end }
}

function readChunks(text: string, from: number): Body {
  let body = ''
  let at = from
  for (;;) {
    const line = /^([0-9a-fA-F]+)[^\r\n]*\r?\n/.exec(text.slice(at, at + 64))
    if (!line) return text.length - at > 64 ? 'bad' : 'more'
    const chunk = readLength(text, at + line[0].length, Number.parseInt(line[1]!, 16))
    if (typeof chunk === 'string') return chunk
    const close = /^\r?\n/.exec(text.slice(chunk.end, chunk.end + 2))
    if (!close) return 'more'
    body += chunk.text
    at = chunk.end + close[0].length
    if (chunk.text === '') return { text: body, end: at }
  }
}

/** One command as an array of strings: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`. */
function readRedis(text: string): Read | 'more' | 'bad' {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (!head) return text.includes('\n') ? 'bad' : 'more'
  const words: string[] = []
  let at = head[0].length
  for (let i = 0; i < Number(head[1]); i++) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 32))
    if (!size) return 'more'
    const word = readLength(text, at + size[0].length, Number(size[1]))
    if (typeof word === 'string') return word
    words.push(word.text)
    at = word.end + 2
  }
  if (text.length < at) return 'more'
  const request = { protocol: 'tcp' as const, data: words.join(' '), clientIp: '127.0.0.1', isRedis: true }
  return { request, length: at, isLast: false }
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
