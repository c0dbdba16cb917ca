/**
 * The server's end of a SPDY/3.1 connection, as far as kubectl speaks it: the client opens streams, both write.
 * Stands where upstream has moby/spdystream, which keeps no flow-control windows either.
 */
import type { Duplex } from 'node:stream'
import { MOST_WAITING_BYTES } from '../../waiting.ts'
import { controlFrame, dataFrame, FRAME, type Frame, FrameReader, RESET } from './frames.ts'
import { HeaderReader, HeaderWriter, type SpdyHeaders } from './headers.ts'

/** Bytes that a stream keeps for whom will read it. */
const MOST_EARLY_BYTES = 4 * 1024 * 1024
/** Streams of one connection at a time. */
const MOST_STREAMS = 2000
/** What a client has to close its end, once it has been told goodbye. */
const LINGER_MS = 10_000
const STREAM_ID = 0x7fffffff

export interface StreamReader {
  /** Where a promise is given, nothing more of the whole connection is read until it is kept. */
  data(chunk: Buffer): unknown
  /** The client writes no more. */
  ended(): void
}

/** One stream, which the client has opened. */
export class SpdyStream {
  /** The client's number for it: odd, and larger than those before. */
  readonly id: number
  readonly headers: SpdyHeaders
  readonly #write: (bytes: Uint8Array, isLast: boolean) => void
  #reader: StreamReader | undefined
  #early: Buffer[] = []
  #earlyBytes = 0
  #hasEnded = false
  #isClosed = false

  constructor(id: number, headers: SpdyHeaders, write: (bytes: Uint8Array, isLast: boolean) => void) {
    this.id = id
    this.headers = headers
    this.#write = write
  }

  /** Gives what has come so far, then what comes. */
  read(reader: StreamReader): void {
    this.#reader = reader
    for (const chunk of this.#early) void reader.data(chunk)
    this.#early = []
    if (this.#hasEnded) reader.ended()
  }

  write(bytes: Uint8Array): void {
    if (!this.#isClosed && bytes.length > 0) this.#write(bytes, false)
  }

  /** Says that no more is written. */
  end(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#write(NOTHING, true)
  }

  /**
   * Takes what came for it; done when more may come. Throws RangeError for more than anybody would send to a stream that
   * nobody reads.
   */
  async take(chunk: Buffer, isLast: boolean): Promise<void> {
    if (this.#hasEnded) return
    if (chunk.length > 0) {
      if (this.#reader) await this.#reader.data(chunk)
      else {
        this.#earlyBytes += chunk.length
        if (this.#earlyBytes > MOST_EARLY_BYTES) throw new RangeError('nobody reads the stream')
        this.#early.push(chunk)
      }
    }
    if (!isLast) return
    this.#hasEnded = true
    this.#reader?.ended()
  }

  get isOver(): boolean {
    return this.#hasEnded && this.#isClosed
  }
}

const NOTHING = new Uint8Array(0)
const NOTHING_MORE = Buffer.alloc(0)

export interface SessionHearer {
  opened(stream: SpdyStream): void
  /** Once, when the connection is gone. */
  closed(): void
}

export class SpdySession {
  readonly #wire: Duplex
  readonly #hearer: SessionHearer
  readonly #frames = new FrameReader()
  readonly #reader = new HeaderReader()
  readonly #writer = new HeaderWriter()
  readonly #streams = new Map<number, SpdyStream>()
  /** Whoever waits for a reader waits no longer than the connection lasts. */
  readonly #gone: Promise<void>
  #last = 0

  constructor(wire: Duplex, hearer: SessionHearer) {
    this.#wire = wire
    this.#hearer = hearer
    wire.on('error', () => {})
    this.#gone = new Promise(resolve => wire.once('close', () => resolve()))
    void this.#run()
  }

  /** Says goodbye and closes the connection once everything is written; without its client, where that one stays. */
  close(): void {
    if (!this.#wire.writable) return
    this.#wire.end(controlFrame(FRAME.goAway, this.#last, 0))
    const timer = setTimeout(() => this.#wire.destroy(), LINGER_MS)
    void this.#gone.then(() => clearTimeout(timer))
  }

  async #run(): Promise<void> {
    try {
      for await (const chunk of this.#wire) {
        this.#frames.add(chunk as Buffer)
        for (let frame = this.#frames.next(); frame; frame = this.#frames.next()) await this.#take(frame)
      }
    } catch {
      // Whoever sends what is no SPDY, or vanishes, is done with.
    } finally {
      this.#wire.destroy()
      this.#reader.close()
      for (const stream of this.#streams.values()) void stream.take(NOTHING_MORE, true)
      this.#hearer.closed()
    }
  }

  async #take(frame: Frame): Promise<void> {
    const { type, body, isLast } = frame
    if (type === 'data') {
      const stream = this.#streams.get(frame.stream)
      if (stream) await this.#feed(frame.stream, stream, body, isLast)
      else this.#send(controlFrame(FRAME.rstStream, frame.stream, RESET.invalidStream))
    } else if (type === FRAME.synStream) await this.#open(body, isLast)
    else if (type === FRAME.headers) await this.#reader.read(body.subarray(4))
    else if (type === FRAME.ping) this.#send(controlFrame(FRAME.ping, body))
    else if (type === FRAME.rstStream) {
      const id = body.readUInt32BE(0) & STREAM_ID
      void this.#streams.get(id)?.take(NOTHING_MORE, true)
      this.#streams.delete(id)
    }
  }

  async #open(body: Buffer, isLast: boolean): Promise<void> {
    const id = body.readUInt32BE(0) & STREAM_ID
    // The block is read whatever becomes of the stream: the next one goes on where it ends.
    const headers = await this.#reader.read(body.subarray(10))
    const isNext = id % 2 === 1 && id > this.#last
    if (!isNext || this.#streams.size >= MOST_STREAMS) {
      this.#send(controlFrame(FRAME.rstStream, id, isNext ? RESET.refused : RESET.protocolError))
      return
    }
    this.#last = id
    const stream: SpdyStream = new SpdyStream(id, headers, (bytes, isEnd) => {
      this.#send(dataFrame(id, bytes, isEnd))
      if (stream.isOver) this.#streams.delete(id)
    })
    this.#streams.set(id, stream)
    this.#send(controlFrame(FRAME.synReply, id, this.#writer.write(new Map())))
    this.#hearer.opened(stream)
    if (isLast) await this.#feed(id, stream, NOTHING_MORE, true)
  }

  async #feed(id: number, stream: SpdyStream, chunk: Buffer, isLast: boolean): Promise<void> {
    await Promise.race([stream.take(chunk, isLast), this.#gone])
    if (stream.isOver) this.#streams.delete(id)
  }

  #send(frame: Buffer): void {
    if (!this.#wire.writable) return
    this.#wire.write(frame)
    if (this.#wire.writableLength > MOST_WAITING_BYTES) this.#wire.destroy()
  }
}
