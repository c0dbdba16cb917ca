/**
 * A terminal that Ink draws on without flicker: whole frames come in, and only the lines that differ go out, placed
 * where they belong on the alternate screen. (Left to itself Ink clears a full screen before each frame.)
 */
import { EventEmitter } from 'node:events'
import type { Size } from './layout.ts'

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J'
const LEAVE = '\x1b[?25h\x1b[?1049l'
/** Terminals that know synchronised output show a frame at once; others ignore this. */
const BEGIN_FRAME = '\x1b[?2026h'
const END_FRAME = '\x1b[?2026l'

/** The terminal itself: standard output, or something like it. */
export interface Device {
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
  on(event: 'resize', listener: () => void): unknown
  off(event: 'resize', listener: () => void): unknown
}

export class Terminal {
  readonly #device: Device
  readonly #output = new EventEmitter()
  #shown: readonly string[] = []
  #isEntered = false
  /** What the terminal shows is of another size: it goes when the next frame comes. */
  #isStale = false
  #onResize: (() => void) | undefined

  constructor(device: Device) {
    this.#device = device
  }

  get size(): Size {
    return { columns: this.#device.columns || 80, rows: this.#device.rows || 24 }
  }

  /** What Ink is to write to, in debug mode: then each write is a whole frame. */
  get stdout(): NodeJS.WriteStream {
    const size = () => this.size
    const output = Object.assign(this.#output, {
      write: (frame: string) => {
        this.#draw(frame)
        return true
      },
      isTTY: false,
    })
    Object.defineProperty(output, 'columns', { get: () => size().columns, configurable: true })
    Object.defineProperty(output, 'rows', { get: () => size().rows, configurable: true })
    return output as unknown as NodeJS.WriteStream
  }

  /** Takes the screen. `onResize` is told of every new size. */
  enter(onResize: () => void): void {
    this.#isEntered = true
    this.#device.write(ENTER)
    this.#onResize = () => {
      this.#shown = []
      this.#isStale = true
      onResize()
    }
    this.#device.on('resize', this.#onResize)
  }

  /** Gives the screen back as it was. Safe to call again. */
  leave(): void {
    if (!this.#isEntered) return
    this.#isEntered = false
    if (this.#onResize) this.#device.off('resize', this.#onResize)
    this.#device.write(LEAVE)
  }

  #draw(frame: string): void {
    if (!this.#isEntered) return
    const lines = frame.split('\n').slice(0, this.size.rows)
    const before = this.#shown
    let changes = this.#isStale ? '\x1b[0m\x1b[2J' : ''
    this.#isStale = false
    for (let row = 0; row < Math.max(lines.length, before.length); row++) {
      const line = lines[row] ?? ''
      // Erased first: erasing after a full line would take its last character.
      if (line !== before[row]) changes += `\x1b[${row + 1};1H\x1b[0m\x1b[2K${line}`
    }
    this.#shown = lines
    if (changes) this.#device.write(`${BEGIN_FRAME}${changes}${END_FRAME}`)
  }
}
