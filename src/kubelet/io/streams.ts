/** What programs read from and write to: pipes between them, and the ends that are not pipes. */
import type { Resumable, Routine } from '../../sim/index.ts'

export interface Input {
  /** The next piece; '' at the end. */
  read(): Routine<string>
}

export interface Output {
  write(text: string): void
  /** Waits while the reader is behind. Throws {@link BrokenPipe} once nobody will read any more. */
  drain(): Routine<void>
}

/** SIGPIPE: the writer ends with 141. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe'
}

/** What a Linux pipe holds. */
const PIPE_CAPACITY = 65_536

export class Pipe implements Input, Output {
  #text: string[] = []
  #size = 0
  #isEnded = false
  #isAbandoned = false
  #reader: Resumable | undefined
  #writer: Resumable | undefined

  write(text: string): void {
    if (this.#isAbandoned || this.#isEnded || text === '') return
    this.#text.push(text)
    this.#size += text.length
    this.#wakeReader()
  }

  /** How much is written and not yet read. */
  get unread(): number {
    return this.#size
  }

  *drain(): Routine<void> {
    if (this.#isAbandoned) throw new BrokenPipe()
    while (this.#size > PIPE_CAPACITY) {
      yield {
        arm: process => {
          this.#writer = process
        },
        disarm: () => {
          this.#writer = undefined
        },
      }
      if (this.#isAbandoned) throw new BrokenPipe()
    }
  }

  *read(): Routine<string> {
    while (this.#text.length === 0 && !this.#isEnded) {
      yield {
        arm: process => {
          this.#reader = process
        },
        disarm: () => {
          this.#reader = undefined
        },
      }
    }
    const mark = this.#text.indexOf('')
    const pieces = this.#text.splice(0, mark < 0 ? this.#text.length : Math.max(1, mark))
    const text = pieces.length === 1 ? pieces[0]! : pieces.join('')
    this.#size -= text.length
    this.#wakeWriter()
    return text
  }

  /** One reader sees an end here; who reads on gets what is written later. ^D on a terminal. */
  mark(): void {
    this.#text.push('')
    this.#wakeReader()
  }

  /** The writers are gone: the reader sees the end. */
  end(): void {
    this.#isEnded = true
    this.#wakeReader()
  }

  /** The reader is gone: writers get SIGPIPE. */
  abandon(): void {
    this.#isAbandoned = true
    this.#text = []
    this.#size = 0
    this.#wakeWriter()
  }

  #wakeReader(): void {
    const reader = this.#reader
    this.#reader = undefined
    reader?.resume()
  }

  #wakeWriter(): void {
    const writer = this.#writer
    this.#writer = undefined
    writer?.resume()
  }
}

/** An output that hands on at once. */
export function sink(write: (text: string) => void): Output {
  return { write, *drain() {} }
}

/** `/dev/null`, both ways. */
export const NOTHING: Input & Output = Object.freeze({
  write() {},
  *drain() {},
  *read() {
    return ''
  },
})

/** An input that is a text. */
export function textInput(text: string): Input {
  let rest = text
  return {
    *read() {
      const piece = rest
      rest = ''
      return piece
    },
  }
}

/** Reads an input line by line; a last line without its newline counts. Keeps what was read too far. */
export class LineReader {
  readonly #input: Input
  #text = ''
  #isEnded = false

  constructor(input: Input) {
    this.#input = input
  }

  /** The next line without its newline; undefined at the end. */
  *next(): Routine<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n')
      if (end >= 0) {
        const line = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 1)
        return line
      }
      if (this.#isEnded) {
        const line = this.#text
        this.#text = ''
        return line === '' ? undefined : line
      }
      const piece = yield* this.#input.read()
      if (piece === '') this.#isEnded = true
      else this.#text += piece
    }
  }

  /** As an input: for programs that read on after some lines were taken. */
  *read(): Routine<string> {
    if (this.#text === '' && !this.#isEnded) return yield* this.#input.read()
    const text = this.#text
    this.#text = ''
    return text
  }
}

/** Everything that is left. */
export function* readAll(input: Input): Routine<string> {
  const pieces: string[] = []
  for (;;) {
    const piece = yield* input.read()
    if (piece === '') return pieces.join('')
    pieces.push(piece)
  }
}
