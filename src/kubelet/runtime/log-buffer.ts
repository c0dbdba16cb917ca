/** What a container has printed: a bounded ring of lines, as the runtime's rotated log file keeps them. */
import { LIMITS } from '../../sim/index.ts'

export interface LogLine {
  readonly atMs: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** The container ended within it: no newline follows. */
  readonly isPartial?: boolean
}

/** Hears of lines as they are written. */
export interface LogFollower {
  line(line: LogLine): void
  /** Its container has exited. */
  ended(): void
}

export class LogBuffer {
  #lines: LogLine[] | undefined
  /** Where the oldest line stands once the buffer is full. */
  #first = 0
  #dropped = 0
  /** Begun lines by stream: written when they end. */
  #begun: { stdout: string; stderr: string } | undefined
  #followers: Set<LogFollower> | undefined
  #isEnded = false

  /** Whole lines. */
  append(atMs: number, stream: LogLine['stream'], text: string): void {
    if (text.includes('\n')) for (const line of text.split('\n')) this.#add({ atMs, stream, text: line })
    else this.#add({ atMs, stream, text })
  }

  /** What a program wrote, wherever its lines end. */
  write(atMs: number, stream: LogLine['stream'], text: string): void {
    this.#begun ??= { stdout: '', stderr: '' }
    const lines = (this.#begun[stream] + text).split('\n')
    this.#begun[stream] = lines.pop()!
    for (const line of lines) this.#add({ atMs, stream, text: line })
  }

  /** The container has exited. */
  end(atMs: number): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = this.#begun?.[stream]
      if (text) this.#add({ atMs, stream, text, isPartial: true })
    }
    this.#begun = undefined
    this.#isEnded = true
    const followers = this.#followers
    this.#followers = undefined
    for (const follower of followers ?? []) follower.ended()
  }

  /** Hears every line from now on until the container exits or the returned function is called. */
  follow(follower: LogFollower): () => void {
    if (this.#isEnded) {
      follower.ended()
      return () => {}
    }
    this.#followers ??= new Set()
    this.#followers.add(follower)
    return () => this.#followers?.delete(follower)
  }

  #add(entry: LogLine): void {
    this.#lines ??= []
    if (this.#lines.length < LIMITS.containerLogLines) this.#lines.push(entry)
    else {
      this.#lines[this.#first] = entry
      this.#first = (this.#first + 1) % this.#lines.length
      this.#dropped++
    }
    if (this.#followers) for (const follower of this.#followers) follower.line(entry)
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
