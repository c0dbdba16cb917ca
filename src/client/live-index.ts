/**
 * An index over a cache with running sums: counting ten thousand pods of one owner costs one look-up. Members
 * are held by key; ordered lists are made when asked for and kept until something in the index changes.
 */
import type { KubeObject } from '../api/index.ts'
import type { CacheIndex } from './controller.ts'

interface Bucket<T> {
  readonly members: Set<string>
  readonly sums: number[]
  /** Keys in order; undefined after one came or went. */
  keys: string[] | undefined
  /** Objects in the order of `keys`, as they were at `version` of the index. */
  list: readonly T[]
  version: number
}

const NONE: readonly never[] = Object.freeze([])

export class LiveIndex<T extends KubeObject> {
  readonly #index: CacheIndex<T>
  readonly #objects: ReadonlyMap<string, T>
  readonly #counters: readonly ((object: T) => number)[]
  readonly #counterNames: readonly string[]
  readonly #buckets = new Map<string, Bucket<T>>()
  /** Counts the changes of the cache. */
  #version = 0

  /** `objects` is what the index is over; {@link replace} follows its changes. */
  constructor(index: CacheIndex<T>, objects: ReadonlyMap<string, T>) {
    this.#index = index
    this.#objects = objects
    this.#counterNames = Object.keys(index.counters ?? {})
    this.#counters = Object.values(index.counters ?? {})
  }

  /** Takes note that the object under `key` changed; undefined stands for absent. */
  replace(key: string, old: T | undefined, next: T | undefined): void {
    this.#version++
    if (old && next && this.#index.isSame?.(next, old)) {
      if (this.#haveCountsChanged(old, next)) {
        for (const value of this.#index.values(next)) this.#recount(value, old, next)
      }
      return
    }
    const before = old ? this.#index.values(old) : NONE
    const after = next ? this.#index.values(next) : NONE
    // Counted and not iterated, here and below: this is done for every change of every object in every cache.
    for (let i = 0; i < before.length; i++) {
      if (!after.includes(before[i]!)) this.#remove(before[i]!, key, old!)
    }
    for (let i = 0; i < after.length; i++) {
      const value = after[i]!
      if (before.includes(value)) this.#recount(value, old!, next!)
      else this.#add(value, key, next!)
    }
  }

  size(value: string): number {
    return this.#buckets.get(value)?.members.size ?? 0
  }

  sum(value: string, counter: string): number {
    return this.#buckets.get(value)?.sums[this.#counterNames.indexOf(counter)] ?? 0
  }

  /** In key order. */
  list(value: string): readonly T[] {
    const bucket = this.#buckets.get(value)
    if (!bucket) return NONE
    if (bucket.version !== this.#version) {
      bucket.keys ??= [...bucket.members].sort()
      bucket.list = bucket.keys.map(key => this.#objects.get(key)!)
      bucket.version = this.#version
    }
    return bucket.list
  }

  #add(value: string, key: string, object: T): void {
    let bucket = this.#buckets.get(value)
    if (!bucket) {
      const sums = this.#counters.map(() => 0)
      bucket = { members: new Set(), sums, keys: undefined, list: NONE, version: -1 }
      this.#buckets.set(value, bucket)
    }
    bucket.members.add(key)
    bucket.keys = undefined
    for (let i = 0; i < this.#counters.length; i++) bucket.sums[i]! += this.#counters[i]!(object)
  }

  #haveCountsChanged(old: T, next: T): boolean {
    for (let i = 0; i < this.#counters.length; i++) {
      if (this.#counters[i]!(next) !== this.#counters[i]!(old)) return true
    }
    return false
  }

  #recount(value: string, old: T, next: T): void {
    if (this.#counters.length === 0) return
    const { sums } = this.#buckets.get(value)!
    for (let i = 0; i < this.#counters.length; i++) {
      sums[i]! += this.#counters[i]!(next) - this.#counters[i]!(old)
    }
  }

  #remove(value: string, key: string, old: T): void {
    const bucket = this.#buckets.get(value)!
    bucket.members.delete(key)
    if (bucket.members.size === 0) {
      this.#buckets.delete(value)
      return
    }
    bucket.keys = undefined
    for (let i = 0; i < this.#counters.length; i++) bucket.sums[i]! -= this.#counters[i]!(old)
  }
}
