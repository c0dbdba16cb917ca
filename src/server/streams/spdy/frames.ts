/** Frames of SPDY/3.1 as bytes. Pure. */

/** The control frames that are sent or understood; all others are passed over. */
export const FRAME = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const

/** Status codes of RST_STREAM. */
export const RESET = { protocolError: 1, invalidStream: 2, refused: 3 } as const

export type Frame =
  | { readonly type: 'data'; readonly stream: number; readonly isLast: boolean; readonly body: Buffer }
  | { readonly type: number; readonly isLast: boolean; readonly body: Buffer }

/** No more waits to become a frame. */
const MOST_BYTES = 4 * 1024 * 1024
const HEAD_BYTES = 8
const CONTROL = 0x80
const VERSION = 3
const FIN = 1

/** Cuts what comes in into frames. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0)

  add(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
  }

  /** The next whole frame. Throws RangeError for one that is too long. */
  next(): Frame | undefined {
    const bytes = this.#bytes
    if (bytes.length < HEAD_BYTES) return undefined
    const length = bytes.readUIntBE(5, 3)
    if (length > MOST_BYTES) throw new RangeError(`a frame of ${length} bytes`)
    const end = HEAD_BYTES + length
    if (bytes.length < end) return undefined
    this.#bytes = bytes.subarray(end)
    const isLast = (bytes[4]! & FIN) !== 0
    const body = bytes.subarray(HEAD_BYTES, end)
    if ((bytes[0]! & CONTROL) === 0) return { type: 'data', stream: bytes.readUInt32BE(0), isLast, body }
    return { type: bytes.readUInt16BE(2), isLast, body }
  }
}

export function dataFrame(stream: number, body: Uint8Array, isLast = false): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + body.length)
  frame.writeUInt32BE(stream, 0)
  frame[4] = isLast ? FIN : 0
  frame.writeUIntBE(body.length, 5, 3)
  frame.set(body, HEAD_BYTES)
  return frame
}

export function controlFrame(type: number, ...body: readonly (number | Buffer)[]): Buffer {
  const parts = body.map(part => {
    if (typeof part !== 'number') return part
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(part)
    return bytes
  })
  const whole = Buffer.concat(parts)
  const head = Buffer.alloc(HEAD_BYTES)
  head[0] = CONTROL
  head[1] = VERSION
  head.writeUInt16BE(type, 2)
  head.writeUIntBE(whole.length, 5, 3)
  return Buffer.concat([head, whole])
}
