/** What may wait for those who do not read: as much for every kind of connection. */
import type { Writable } from 'node:stream'

/** Bytes that may wait for a client that does not read. */
export const MOST_WAITING_BYTES = 16 * 1024 * 1024

/** Bytes that may wait within for a program that does not read: what a Linux pipe holds. */
export const MOST_UNREAD_BYTES = 64 * 1024

/** Writes, and lets go of a client for whom too much waits. */
export function writeOrLetGo(stream: Writable, bytes: Uint8Array): void {
  stream.write(bytes)
  if (stream.writableLength > MOST_WAITING_BYTES) stream.destroy()
}
