/**
 * An index over a cache with running sums: counting ten thousand pods of one owner costs one look-up. Members
 * are held by key; ordered lists are made when asked for and kept until membership changes.
 */
import type { KubeObject } from '../api/index.ts'
import type { CacheIndex } from './controller.ts'

interface Bucket<T> {
  readonly members: Map<string, T>
  readonly sums: number[]
  /** Keys in order; undefined after one came or went. */
  keys: string[] | undefined
  /** Objects in the order of `keys`; undefined after any change. */
  list: readonly T[] | undefined
}

const NONE: readonly never[] = Object.freeze([])

export class LiveIndex<T extends KubeObject> {
  readonly #index: CacheIndex<T>
  readonly #counters: readonly ((object: T) => number)[]
  readonly #counterNames: readonly string[]
  readonly #buckets = new Map<string, Bucket<T>>()

  constructor(index: CacheIndex<T>) {
    this.#index = index
    this.#counterNames = Object.keys(index.counters ?? {})
    this.#counters = Object.values(index.counters ?? {})
  }

  /** Takes note that the object under `key` changed; undefined stands for absent. */
  replace(key: string, old: T | undefined, next: T | undefined): void {
    const before = old ? this.#index.values(old) : NONE
    const after = next ? this.#index.values(next) : NONE
    for (const value of before) if (!after.includes(value)) this.#remove(value, key, old!)
    for (const value of after) {
      if (before.includes(value)) this.#change(value, key, old!, next!)
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
    if (!bucket.list) {
      bucket.keys ??= [...bucket.members.keys()].sort()
      bucket.list = bucket.keys.map(key => bucket.members.get(key)!)
    }
    return bucket.list
  }

  #add(value: string, key: string, object: T): void {
    let bucket = this.#buckets.get(value)
    if (!bucket) {
      bucket = { members: new Map(), sums: this.#counters.map(() => 0), keys: undefined, list: undefined }
      this.#buckets.set(value, bucket)
    }
    bucket.members.set(key, object)
    bucket.keys = undefined
    bucket.list = undefined
    for (let i = 0; i < this.#counters.length; i++) bucket.sums[i]! += this.#counters[i]!(object)
  }

  #change(value: string, key: string, old: T, next: T): void {
    const bucket = this.#buckets.get(value)!
    bucket.members.set(key, next)
    bucket.list = undefined
    for (let i = 0; i < this.#counters.length; i++) {
      bucket.sums[i]! += this.#counters[i]!(next) - this.#counters[i]!(old)
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
    bucket.list = undefined
    for (let i = 0; i < this.#counters.length; i++) bucket.sums[i]! -= this.#counters[i]!(old)
  }
}
