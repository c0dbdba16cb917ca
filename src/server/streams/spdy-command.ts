/**
 * exec and attach over SPDY/3.1, as kubectl before 1.30 speaks: one stream each for stdin, stdout, stderr, the size
 * of the terminal and how it ended. Mirrors `remotecommand/httpstream.go` of k8s.io/kubelet (`v4.channel.k8s.io`).
 */
import type { Duplex } from 'node:stream'
import { KUBELET } from '../../api/index.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import { sendBytes } from '../uploads.ts'
import { type CommandRequest, resize, statusOf } from './remote-command.ts'
import { SpdySession, type SpdyStream } from './spdy/session.ts'

/** Begins once every stream that the request names is open; a client that takes too long over it is let go. */
export function connectCommand(wire: Duplex, request: CommandRequest, gateway: Gateway): void {
  const { hasStdin, hasStdout, hasStderr, isTty } = request.request
  const wanted = new Set(['error'])
  if (hasStdin) wanted.add('stdin')
  if (hasStdout) wanted.add('stdout')
  if (hasStderr) wanted.add('stderr')
  if (isTty) wanted.add('resize')
  const streams = new Map<string, SpdyStream>()
  let open: OpenStream | undefined
  const session = new SpdySession(wire, {
    opened: stream => {
      const type = stream.headers.get('streamtype') ?? ''
      if (open || !wanted.has(type)) stream.end()
      else {
        streams.set(type, stream)
        if (streams.size === wanted.size) begin()
      }
    },
    closed: () => {
      clearTimeout(timer)
      open?.close()
    },
  })
  const timer = setTimeout(() => session.close(), KUBELET.streamCreationMs)
  const begin = () => {
    clearTimeout(timer)
    open = gateway.stream(
      request,
      {
        stdout: chunk => streams.get('stdout')?.write(chunk),
        stderr: chunk => streams.get('stderr')?.write(chunk),
      },
      end => {
        streams.get('error')?.write(Buffer.from(JSON.stringify(statusOf(end))))
        for (const stream of streams.values()) stream.end()
        session.close()
      },
    )
    const opened = open
    streams.get('stdin')?.read({
      data: chunk => sendBytes(opened, chunk),
      ended: () => {
        opened.send({ end: true })
      },
    })
    const sizes = sizeReader(opened)
    streams.get('resize')?.read({ data: sizes, ended() {} })
  }
}

/** Sizes come as JSON objects one after the other, in any pieces. */
function sizeReader(open: OpenStream): (chunk: Buffer) => void {
  let text = ''
  return chunk => {
    text += String(chunk)
    for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
      resize(open, text.slice(0, end + 1))
      text = text.slice(end + 1)
    }
    if (text.length > 1024) text = ''
  }
}
