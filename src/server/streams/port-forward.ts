/**
 * `kubectl port-forward`: every connection is a pair of streams, one for the bytes and one for what went wrong.
 * Mirrors `portforward/httpstream.go` of k8s.io/kubelet.
 */
import type { Duplex } from 'node:stream'
import { KUBELET } from '../../api/index.ts'
import type { StreamEnd } from '../../cluster/index.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { sendBytes } from '../uploads.ts'
import { SpdySession, type SpdyStream } from './spdy/session.ts'

/** The streams of one connection while not both are there. */
interface Half {
  readonly type: string
  readonly stream: SpdyStream
  /** Gives up waiting for the other one. */
  readonly timer: NodeJS.Timeout
}

export function connectPorts(wire: Duplex, { namespace, name }: ResourceRoute, gateway: Gateway): void {
  const halves = new Map<string, Half>()
  const connections = new Set<OpenStream>()
  const keep = (id: string, type: string, stream: SpdyStream) => {
    if (halves.size >= MOST_HALVES) {
      stream.end()
      return
    }
    const expired = () => {
      halves.delete(id)
      if (type === 'error') stream.write(Buffer.from(`(request=${id}) timed out waiting for streams`))
      drop(stream)
    }
    halves.set(id, { type, stream, timer: setTimeout(expired, KUBELET.streamCreationMs) })
  }
  const connect = (port: number, data: SpdyStream, error: SpdyStream) => {
    const open = gateway.stream(
      { to: 'port', namespace, pod: name, port },
      { stdout: chunk => data.write(chunk) },
      end => {
        connections.delete(open)
        error.write(Buffer.from(wordsOf(end)))
        error.end()
        data.end()
      },
    )
    connections.add(open)
    data.read({
      data: chunk => sendBytes(open, chunk),
      ended: () => {
        open.send({ end: true })
      },
    })
  }
  new SpdySession(wire, {
    opened: stream => {
      const type = stream.headers.get('streamtype') ?? ''
      const port = Number(stream.headers.get('port'))
      if (!Number.isInteger(port) || port < 1 || port > 65_535 || !TYPES.has(type)) {
        stream.end()
        return
      }
      const id = requestOf(stream, type)
      const other = halves.get(id)
      if (!other) keep(id, type, stream)
      else if (other.type === type) {
        const why = `error processing stream for request ${id}: ${type} stream already assigned`
        if (type === 'error') other.stream.write(Buffer.from(why))
        drop(stream)
      } else {
        clearTimeout(other.timer)
        halves.delete(id)
        if (type === 'data') connect(port, stream, other.stream)
        else connect(Number(other.stream.headers.get('port')), other.stream, stream)
      }
    },
    closed: () => {
      for (const { timer } of halves.values()) clearTimeout(timer)
      for (const open of connections) open.close()
    },
  })
}

/** Connections of which one stream is there and the other is not. */
const MOST_HALVES = 1000

const TYPES: ReadonlySet<string> = new Set(['data', 'error'])

/** What makes a pair. Clients that do not say open the stream for errors first, and that for the bytes next. */
function requestOf({ headers, id }: SpdyStream, type: string): string {
  return headers.get('requestid') || String(type === 'error' ? id : id - 2)
}

/** Whatever still comes is nobody's. */
function drop(stream: SpdyStream): void {
  stream.end()
  stream.read({ data() {}, ended() {} })
}

/** Nothing where nothing went wrong. */
function wordsOf(end: StreamEnd): string {
  if ('error' in end) return end.error
  return 'failure' in end ? (end.failure.message ?? '') : ''
}
