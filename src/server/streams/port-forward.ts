/**
 * `kubectl port-forward`: every connection is a pair of streams, one for the bytes and one for what went wrong.
 * Mirrors `portforward/httpstream.go` of k8s.io/kubelet.
 */
import type { Duplex } from 'node:stream'
import type { StreamEnd } from '../../cluster/index.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { sendBytes } from '../uploads.ts'
import { SpdySession, type SpdyStream } from './spdy/session.ts'

/** The streams of one connection while not both are there. */
interface Half {
  readonly type: string
  readonly stream: SpdyStream
}

export function connectPorts(wire: Duplex, { namespace, name }: ResourceRoute, gateway: Gateway): void {
  const halves = new Map<string, Half>()
  const connections = new Set<OpenStream>()
  new SpdySession(wire, {
    opened: stream => {
      const type = stream.headers.get('streamtype') ?? ''
      const port = Number(stream.headers.get('port'))
      if (!Number.isInteger(port) || port < 1 || port > 65_535 || !TYPES.has(type)) {
        stream.end()
        return
      }
      const id = stream.headers.get('requestid') ?? String(port)
      const other = halves.get(id)
      if (!other || other.type === type) {
        if (halves.size < MOST_HALVES) halves.set(id, { type, stream })
        else stream.end()
        return
      }
      halves.delete(id)
      const [data, error] = type === 'data' ? [stream, other.stream] : [other.stream, stream]
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
    },
    closed: () => {
      for (const open of connections) open.close()
    },
  })
}

/** Connections of which one stream is there and the other is not. */
const MOST_HALVES = 1000

const TYPES: ReadonlySet<string> = new Set(['data', 'error'])

/** Nothing where nothing went wrong. */
function wordsOf(end: StreamEnd): string {
  if ('error' in end) return end.error
  return 'failure' in end ? (end.failure.message ?? '') : ''
}
