/** What an informer knows: objects by key, in order when asked, and the indexes over them. */
import type { KubeObject } from '../api/index.ts'
import type { CacheIndex } from './controller.ts'
import { LiveIndex } from './live-index.ts'

export class Cache<T extends KubeObject> {
  readonly #objects = new Map<string, T>()
  readonly #indexes = new Map<CacheIndex<T>, LiveIndex<T>>()
  /** The values of `#indexes`: every change of an object goes through them. */
  readonly #live: LiveIndex<T>[] = []
  #keys: string[] | undefined
  #list: readonly T[] | undefined

  get size(): number {
    return this.#objects.size
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)
  }

  /** Every key, in the order of arrival. */
  keys(): Iterable<string> {
    return this.#objects.keys()
  }

  /** Every object, in key order. */
  all(): readonly T[] {
    if (!this.#list) {
      this.#keys ??= [...this.#objects.keys()].sort()
      this.#list = this.#keys.map(key => this.#objects.get(key)!)
    }
    return this.#list
  }

  /** Sets (or, with undefined, removes) the object under `key`; gives what was there. */
  replace(key: string, next: T | undefined): T | undefined {
    const old = this.#objects.get(key)
    if (next) this.#objects.set(key, next)
    else this.#objects.delete(key)
    if (!old || !next) this.#keys = undefined
    this.#list = undefined
    // Counted and not iterated: this is done for every change of every object in every cache.
    for (let i = 0; i < this.#live.length; i++) this.#live[i]!.replace(key, old, next)
    return old
  }

  /** Keeps `index` from now on; asking twice is harmless. */
  addIndex(index: CacheIndex<T>): LiveIndex<T> {
    let live = this.#indexes.get(index)
    if (!live) {
      live = new LiveIndex(index, this.#objects)
      for (const [key, object] of this.#objects) live.replace(key, undefined, object)
      this.#indexes.set(index, live)
      this.#live.push(live)
    }
    return live
  }
}
