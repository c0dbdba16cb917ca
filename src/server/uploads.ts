/**
 * What clients send into streams, no faster than it is read inside: as between two programs on one machine, the pipe
 * fills up, and whoever writes waits. Else whatever a client sends to a busy program would lie in the run's inputs.
 */
import type { OpenStream } from './gateway.ts'

/** What can be kept from reading on. */
interface Source {
  pause(): unknown
  resume(): unknown
}

/** Sends bytes. Gives what to wait for before more are read from outside. */
export function sendBytes(open: OpenStream, bytes: Buffer): Promise<void> | undefined {
  if (open.send({ data: bytes.toString('base64') })) return undefined
  return new Promise(resolve => open.onceRead(resolve))
}

/** Sends bytes of a source, which pauses while too much waits. */
export function sendFrom(source: Source, open: OpenStream, bytes: Buffer): void {
  const isRead = sendBytes(open, bytes)
  if (!isRead) return
  source.pause()
  void isRead.then(() => source.resume())
}
