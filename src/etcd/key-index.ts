/**
 * Every key that has history, by name and in order. Point reads go through a Map; the order is made late: new and
 * dropped keys are only noted, and merged into the sorted chunks when somebody asks for a range. Mirrors etcd's
 * treeIndex (a B-tree that is kept in order at every write).
 */
import { type Cause, LargeMap, type Subject } from '../sim/index.ts'
import type { KeyValue } from './types.ts'

/** One put or deletion of a key. A deletion has version 0. */
export interface Version<V> {
  readonly kv: KeyValue<V>
  readonly history: KeyHistory<V>
  readonly cause: Cause
  /** The one before; cut by compaction. */
  older: Version<V> | undefined
}

/** A key and its versions, newest first. */
export interface KeyHistory<V> {
  readonly key: string
  readonly subject: Subject
  newest: Version<V> | undefined
}

/** The most keys in one chunk: small enough that moving half of it costs less than finding it. */
const CHUNK_KEYS = 256
/** From one new key in so many on, rebuilding the order costs less than inserting into it. */
const MERGE_FRACTION = 8

export class KeyIndex<V> {
  readonly #byKey = new LargeMap<KeyHistory<V>>()
  #chunks: KeyHistory<V>[][] = []
  #added: KeyHistory<V>[] = []
  #dropped: KeyHistory<V>[] = []
  #last: KeyHistory<V> | undefined

  get size(): number {
    return this.#byKey.size
  }

  get(key: string): KeyHistory<V> | undefined {
    // A transaction asks for its key twice: to compare, then to write.
    if (this.#last?.key === key) return this.#last
    const history = this.#byKey.get(key)
    if (history) this.#last = history
    return history
  }

  add(history: KeyHistory<V>): void {
    this.#byKey.set(history.key, history)
    this.#added.push(history)
  }

  /** Forgets a history; one that was forgotten before, whose key may have another by now, is left alone. */
  drop(history: KeyHistory<V>): void {
    if (this.#byKey.get(history.key) !== history) return
    this.#byKey.delete(history.key)
    this.#last = undefined
    this.#dropped.push(history)
  }

  /** Every key in no particular order; dearer questions should use {@link between}. */
  all(): Iterable<KeyHistory<V>> {
    return this.#byKey.values()
  }

  /** The histories with `from` <= key < `end`, in order; without `end`, to the last key. */
  between(from: string, end: string | undefined): KeyHistory<V>[] {
    this.#settle()
    const found: KeyHistory<V>[] = []
    for (let c = this.#chunkOf(from); c < this.#chunks.length; c++) {
      const chunk = this.#chunks[c]!
      const start = position(chunk, from)
      const stop =
        end === undefined || chunk[chunk.length - 1]!.key < end ? chunk.length : position(chunk, end)
      for (let i = start; i < stop; i++) found.push(chunk[i]!)
      if (stop < chunk.length) break
    }
    return found
  }

  /** Brings the order up to date. */
  #settle(): void {
    const [added, dropped] = [this.#added, this.#dropped]
    if (added.length + dropped.length === 0) return
    this.#added = []
    this.#dropped = []
    if (added.length + dropped.length >= this.#byKey.size / MERGE_FRACTION) {
      this.#merge(added)
      return
    }
    // Drops first: a key that was dropped and came back stands in `added` with its new history.
    for (const history of dropped) this.#remove(history)
    for (const history of added) if (this.#isKept(history)) this.#insert(history)
  }

  #isKept(history: KeyHistory<V>): boolean {
    return this.#byKey.get(history.key) === history
  }

  /** Rebuilds the chunks from what is kept of them and many new keys. */
  #merge(added: readonly KeyHistory<V>[]): void {
    const isKept = (history: KeyHistory<V>) => this.#isKept(history)
    // Strings without a comparing function are sorted several times as fast.
    const fresh = added
      .filter(isKept)
      .map(({ key }) => key)
      .sort()
    const old = this.#chunks.flat().filter(isKept)
    const chunks: KeyHistory<V>[][] = []
    let chunk: KeyHistory<V>[] = []
    for (let i = 0, j = 0; i < old.length || j < fresh.length; ) {
      const isOldNext = j === fresh.length || (i < old.length && old[i]!.key < fresh[j]!)
      chunk.push(isOldNext ? old[i++]! : this.#byKey.get(fresh[j++]!)!)
      if (chunk.length < CHUNK_KEYS / 2) continue
      chunks.push(chunk)
      chunk = []
    }
    if (chunk.length > 0) chunks.push(chunk)
    this.#chunks = chunks
  }

  #insert(history: KeyHistory<V>): void {
    const c = this.#chunkOf(history.key)
    const chunk = this.#chunks[c]
    if (!chunk) {
      this.#chunks.push([history])
      return
    }
    chunk.splice(position(chunk, history.key), 0, history)
    if (chunk.length > CHUNK_KEYS) this.#chunks.splice(c + 1, 0, chunk.splice(CHUNK_KEYS >> 1))
  }

  #remove(history: KeyHistory<V>): void {
    const c = this.#chunkOf(history.key)
    const chunk = this.#chunks[c]
    if (!chunk) return
    const i = position(chunk, history.key)
    if (chunk[i] !== history) return // Added and dropped between two ranges.
    chunk.splice(i, 1)
    if (chunk.length === 0) this.#chunks.splice(c, 1)
  }

  /** The last chunk that begins at or before `key`, or the first one. */
  #chunkOf(key: string): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#chunks[middle]![0]!.key <= key) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}

/** Where in a chunk the first key >= `key` stands. */
function position<V>(chunk: readonly KeyHistory<V>[], key: string): number {
  let low = 0
  let high = chunk.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (chunk[middle]!.key < key) low = middle + 1
    else high = middle
  }
  return low
}
