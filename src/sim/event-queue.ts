/**
 * The future: events ordered by virtual millisecond, then by the order in which they were scheduled.
 * One FIFO bucket a millisecond and a binary heap of the distinct milliseconds.
 */
import type { Cause, Label, Subject } from './trace.ts'

/** One thing that will happen; hold on to it only to cancel it. */
export interface Timer {
  readonly atMs: number
  readonly label: Label
  readonly subject: Subject
  readonly cause: Cause
  /** The lifetime it belongs to: a timer of a closed lifetime never fires. */
  readonly owner: { readonly isAlive: boolean } | undefined
  run: ((argument: never) => void) | undefined
  argument: unknown
}

interface Bucket {
  readonly timers: Timer[]
  next: number
}

export class EventQueue {
  readonly #buckets = new Map<number, Bucket>()
  readonly #times: number[] = []

  push(timer: Timer): void {
    const bucket = this.#buckets.get(timer.atMs)
    if (bucket) {
      bucket.timers.push(timer)
      return
    }
    this.#buckets.set(timer.atMs, { timers: [timer], next: 0 })
    this.#pushTime(timer.atMs)
  }

  /** Takes the next timer that is still wanted and due at or before `untilMs`. */
  pop(untilMs: number): Timer | undefined {
    for (;;) {
      const atMs = this.#times[0]
      if (atMs === undefined || atMs > untilMs) return undefined
      const bucket = this.#buckets.get(atMs)!
      while (bucket.next < bucket.timers.length) {
        const timer = bucket.timers[bucket.next++]!
        if (timer.run !== undefined && (timer.owner === undefined || timer.owner.isAlive)) return timer
      }
      this.#buckets.delete(atMs)
      this.#popTime()
    }
  }

  /** When the next wanted timer is due. */
  peekMs(): number | undefined {
    const timer = this.pop(Number.POSITIVE_INFINITY)
    if (!timer) return undefined
    this.#buckets.get(timer.atMs)!.next--
    return timer.atMs
  }

  #pushTime(atMs: number): void {
    const heap = this.#times
    let i = heap.length
    heap.push(atMs)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (heap[parent]! <= atMs) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = atMs
  }

  #popTime(): void {
    const heap = this.#times
    const last = heap.pop()!
    if (heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= last) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}
