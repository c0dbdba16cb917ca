/**
 * Who watches a key, found without asking every watcher. Watches of one key stand in a Map; watches of ranges cut
 * the keyspace at their ends into stretches, and each stretch knows its watchers: one binary search an event.
 * Mirrors the watcher groups of etcd's watchableStore (an interval tree).
 */
import { assert } from '../sim/index.ts'
import { isSingleKey, upperBound } from './key-range.ts'
import type { KeyRange } from './types.ts'

/** The keys from `start` up to the next stretch's. */
interface Stretch<W> {
  readonly start: string
  /** How many watched ranges begin or end at `start`: a stretch without any is joined to the one before. */
  edges: number
  /** Replaced, never changed: a list being walked stays as it is. */
  watchers: readonly W[]
}

const NOBODY: readonly never[] = []

export class WatchIndex<W extends { readonly range: KeyRange }> {
  readonly #byKey = new Map<string, readonly W[]>()
  readonly #stretches: Stretch<W>[] = []

  /** The watchers that watch `key`: of ranges, then of the key alone; oldest first. */
  of(key: string): readonly W[] {
    const i = this.#stretchOf(key)
    const ofRanges = i < 0 ? NOBODY : this.#stretches[i]!.watchers
    if (this.#byKey.size === 0) return ofRanges
    const ofKey = this.#byKey.get(key)
    return ofKey ? [...ofRanges, ...ofKey] : ofRanges
  }

  add(watcher: W): void {
    const { range } = watcher
    if (isSingleKey(range)) {
      this.#byKey.set(range.key, [...(this.#byKey.get(range.key) ?? NOBODY), watcher])
      return
    }
    const end = upperBound(range)
    if (end !== undefined && end <= range.key) return // Holds no key.
    const first = this.#cut(range.key)
    const last = end === undefined ? this.#stretches.length : this.#cut(end)
    for (let i = first; i < last; i++) {
      const stretch = this.#stretches[i]!
      stretch.watchers = [...stretch.watchers, watcher]
    }
  }

  remove(watcher: W): void {
    const { range } = watcher
    if (isSingleKey(range)) {
      const rest = (this.#byKey.get(range.key) ?? NOBODY).filter(other => other !== watcher)
      if (rest.length > 0) this.#byKey.set(range.key, rest)
      else this.#byKey.delete(range.key)
      return
    }
    const end = upperBound(range)
    if (end !== undefined && end <= range.key) return
    for (let i = this.#stretchOf(range.key); i < this.#stretches.length; i++) {
      const stretch = this.#stretches[i]!
      if (end !== undefined && stretch.start >= end) break
      stretch.watchers = stretch.watchers.filter(other => other !== watcher)
    }
    if (end !== undefined) this.#join(end)
    this.#join(range.key)
  }

  /** The stretch that holds `key`; -1 before the first. */
  #stretchOf(key: string): number {
    let low = 0
    let high = this.#stretches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#stretches[middle]!.start <= key) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Makes a stretch begin at `start` and gives its position. */
  #cut(start: string): number {
    const i = this.#stretchOf(start)
    const around = this.#stretches[i]
    if (around?.start === start) {
      around.edges++
      return i
    }
    this.#stretches.splice(i + 1, 0, { start, edges: 1, watchers: around?.watchers ?? NOBODY })
    return i + 1
  }

  #join(start: string): void {
    const i = this.#stretchOf(start)
    const stretch = this.#stretches[i]!
    assert(stretch.start === start, 'a watched range begins and ends where stretches do')
    if (--stretch.edges === 0) this.#stretches.splice(i, 1)
  }
}
