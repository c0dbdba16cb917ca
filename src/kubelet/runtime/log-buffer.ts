/** What a container has printed: a bounded ring of lines, as the runtime's rotated log file keeps them. */
import { LIMITS } from '../../sim/index.ts'

export interface LogLine {
  readonly atMs: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export class LogBuffer {
  #lines: LogLine[] | undefined
  /** Where the oldest line stands once the buffer is full. */
  #first = 0
  #dropped = 0

  append(atMs: number, stream: LogLine['stream'], text: string): void {
    this.#lines ??= []
    for (const line of text.split('\n')) {
      const entry = { atMs, stream, text: line }
      if (this.#lines.length < LIMITS.containerLogLines) this.#lines.push(entry)
      else {
        this.#lines[this.#first] = entry
        this.#first = (this.#first + 1) % this.#lines.length
        this.#dropped++
      }
    }
  }

  /** Oldest first. */
  lines(): readonly LogLine[] {
    if (!this.#lines) return []
    return [...this.#lines.slice(this.#first), ...this.#lines.slice(0, this.#first)]
  }

  /** Lines lost to rotation. */
  get dropped(): number {
    return this.#dropped
  }
}
