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

/** What is due in one millisecond. */
interface Bucket {
  readonly atMs: number
  /** Those taken are let go of: a busy millisecond is long. */
  readonly timers: (Timer | undefined)[]
  next: number
}

/** How many milliseconds around now are found without asking the Map; a power of two. */
const NEAR_MS = 64

export class EventQueue {
  readonly #buckets = new Map<number, Bucket>()
  /** The bucket last used of those that share a remainder. */
  readonly #near: (Bucket | undefined)[] = new Array(NEAR_MS).fill(undefined)
  readonly #times: number[] = []

  push(timer: Timer): void {
    const { atMs } = timer
    const bucket = this.#bucketAt(atMs)
    if (bucket) {
      bucket.timers.push(timer)
      return
    }
    const fresh: Bucket = { atMs, timers: [timer], next: 0 }
    this.#buckets.set(atMs, fresh)
    this.#near[atMs & (NEAR_MS - 1)] = fresh
    this.#pushTime(atMs)
  }

  /** Takes the next timer that is still wanted and due at or before `untilMs`. */
  pop(untilMs: number): Timer | undefined {
    const bucket = this.#firstBucket(untilMs)
    if (!bucket) return undefined
    const timer = bucket.timers[bucket.next]
    bucket.timers[bucket.next++] = undefined
    return timer
  }

  /** When the next wanted timer is due. */
  peekMs(): number | undefined {
    return this.#firstBucket(Number.POSITIVE_INFINITY)?.atMs
  }

  /** The first bucket due by `untilMs` that has a timer still wanted, which is its next. */
  #firstBucket(untilMs: number): Bucket | undefined {
    for (;;) {
      const atMs = this.#times[0]
      if (atMs === undefined || atMs > untilMs) return undefined
      const bucket = this.#bucketAt(atMs)!
      const { timers } = bucket
      for (; bucket.next < timers.length; bucket.next++) {
        const { run, owner } = timers[bucket.next]!
        if (run !== undefined && (owner === undefined || owner.isAlive)) return bucket
        timers[bucket.next] = undefined
      }
      this.#buckets.delete(atMs)
      this.#near[atMs & (NEAR_MS - 1)] = undefined
      this.#popTime()
    }
  }

  #bucketAt(atMs: number): Bucket | undefined {
    const place = atMs & (NEAR_MS - 1)
    const near = this.#near[place]
    if (near?.atMs === atMs) return near
    const bucket = this.#buckets.get(atMs)
    if (bucket) this.#near[place] = bucket
    return bucket
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
