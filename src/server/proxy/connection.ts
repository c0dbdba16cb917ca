/** A simulated program's port as a socket that Node's own HTTP client can use. */
import { Duplex } from 'node:stream'
import type { StreamRequest } from '../../cluster/index.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import { sendBytes } from '../uploads.ts'

/** Destroyed with the error's words when nobody is there to talk to. */
export function dial(gateway: Gateway, request: Extract<StreamRequest, { port: number }>): Duplex {
  let open: OpenStream | undefined
  const duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      const isRead = open && sendBytes(open, chunk)
      if (isRead) void isRead.then(() => done())
      else done()
    },
    final(done) {
      open?.send({ end: true })
      done()
    },
    destroy(error, done) {
      open?.close()
      done(error)
    },
  })
  open = gateway.stream(request, { stdout: chunk => duplex.push(Buffer.from(chunk)) }, end => {
    open = undefined
    if ('exitCode' in end) duplex.push(null)
    else {
      // Later: whoever dials may not be listening for errors yet.
      const error = new Error('error' in end ? end.error : end.failure.message)
      setImmediate(() => duplex.destroy(error))
    }
  })
  return duplex
}
