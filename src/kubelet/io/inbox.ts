/**
 * Bytes that come in pieces of any size, read as if they were all there: a reading yields where it wants more, and
 * goes on from there. Every byte is copied and looked at a bounded number of times, however small the pieces are.
 */
import { ByteDecoder, fromBytes } from './bytes.ts'

/** A reading under way: wants more bytes, or the end of them, whenever it yields. */
export type Reading<T> = Generator<void, T, void>

const NEWLINE = 0x0a
const FIRST_CAPACITY = 1024

export class Inbox {
  #bytes = new Uint8Array(FIRST_CAPACITY)
  /** What is unread lies from here to there. */
  #from = 0
  #to = 0
  #hasEnded = false
  #taken = 0

  push(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length)
    this.#bytes.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** Nothing more will be pushed. */
  end(): void {
    this.#hasEnded = true
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Bytes since the last {@link mark}, read or not. */
  get length(): number {
    return this.#taken + this.#to - this.#from
  }

  /** Counts {@link length} from here. */
  mark(): void {
    this.#taken = 0
  }

  /** A line with its newline; what is left at the end is one without. Undefined for one that is longer than `most`. */
  *line(most = Number.POSITIVE_INFINITY): Reading<string | undefined> {
    for (let seen = 0; ; ) {
      const at = this.#bytes.subarray(0, this.#to).indexOf(NEWLINE, this.#from + seen)
      const length = at < 0 ? this.#to - this.#from : at + 1 - this.#from
      if (length > most) return undefined
      if (at >= 0 || (this.#hasEnded && length > 0)) return fromBytes(this.#take(length))
      seen = length
      yield
    }
  }

  /** So many bytes, as the text they stand for. */
  *text(count: number): Reading<string> {
    const decoder = new ByteDecoder()
    return (yield* this.part(count, decoder)) + decoder.end()
  }

  /** So many bytes of a text that goes on elsewhere. */
  *part(count: number, decoder: ByteDecoder): Reading<string> {
    while (this.#to - this.#from < count) yield
    return decoder.decode(this.#take(count))
  }

  #take(count: number): Uint8Array {
    const from = this.#from
    this.#from += count
    this.#taken += count
    return this.#bytes.subarray(from, this.#from)
  }

  /** Moves what is unread to the start of an array at least half of which is free then. */
  #makeRoom(count: number): void {
    const unread = this.#bytes.subarray(this.#from, this.#to)
    const needed = unread.length + count
    if (needed * 2 > this.#bytes.length) this.#bytes = new Uint8Array(needed * 2)
    this.#bytes.set(unread)
    this.#to = unread.length
    this.#from = 0
  }
}
