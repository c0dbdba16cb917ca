/**
 * Header blocks of SPDY/3: names and values with their lengths, in one zlib stream a direction. What is sent is not
 * compressed (stored blocks of a zlib stream), which every reader takes.
 */
import { constants, createInflate, type Inflate } from 'node:zlib'
import { HEADER_DICTIONARY } from './dictionary.ts'

/** Names are lower-case; several values of a name are joined by commas. */
export type SpdyHeaders = ReadonlyMap<string, string>

/** Headers of one frame, unpacked. */
const MOST_BYTES = 256 * 1024

const OPTIONS = { dictionary: HEADER_DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH }

/** Unpacks the blocks of one direction, which must come one after the other. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate(OPTIONS)

  /** Rejects when the block is no block. */
  read(block: Buffer): Promise<SpdyHeaders> {
    return new Promise((resolve, reject) => {
      const inflate = this.#inflate
      const parts: Buffer[] = []
      let bytes = 0
      const settle = (act: () => void) => {
        inflate.off('error', failed).off('data', take)
        act()
      }
      const failed = (error: Error) => settle(() => reject(error))
      const take = (part: Buffer) => {
        bytes += part.length
        parts.push(part)
        // A few bytes may unpack to any number: no more of them is unpacked.
        if (bytes <= MOST_BYTES) return
        failed(new RangeError('the header block is too long'))
        inflate.destroy()
      }
      inflate.on('error', failed).on('data', take)
      inflate.write(block, () => {
        settle(() => {
          try {
            resolve(headersIn(Buffer.concat(parts)))
          } catch (error) {
            reject(error)
          }
        })
      })
    })
  }

  close(): void {
    this.#inflate.close()
  }
}

/** Packs the blocks of one direction. */
export class HeaderWriter {
  #hasBegun = false

  write(headers: SpdyHeaders): Buffer {
    const parts = [uint32(headers.size)]
    for (const [name, value] of headers) {
      for (const text of [name.toLowerCase(), value]) {
        const bytes = Buffer.from(text)
        parts.push(uint32(bytes.length), bytes)
      }
    }
    const plain = Buffer.concat(parts)
    const stored = Buffer.alloc(5)
    stored.writeUInt16LE(plain.length, 1)
    stored.writeUInt16LE(~plain.length & 0xffff, 3)
    const head = this.#hasBegun ? [] : [ZLIB_HEAD]
    this.#hasBegun = true
    return Buffer.concat([...head, stored, plain, FLUSH])
  }
}

const ZLIB_HEAD = Buffer.from([0x78, 0x01])
/** An empty stored block: where a reader may stop. Go's would otherwise wait for the next block within the frame. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff])

/** Throws RangeError for a block that ends too early. */
function headersIn(bytes: Buffer): SpdyHeaders {
  const headers = new Map<string, string>()
  let at = 0
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('the header block ends too early')
    at += length
    return at - length
  }
  const text = () => {
    const length = bytes.readUInt32BE(take(4))
    const from = take(length)
    return bytes.toString('utf8', from, from + length)
  }
  for (let left = bytes.readUInt32BE(take(4)); left > 0; left--) {
    const name = text()
    headers.set(name, text().replaceAll('\0', ','))
  }
  return headers
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
