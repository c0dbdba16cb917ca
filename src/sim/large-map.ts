/**
 * A map by name that never stands still to grow. A Map of a quarter of a million entries takes fifty milliseconds to
 * make room for the next one: past some size this one is many small ones.
 */

/** From so many entries on it is in parts. */
const SPLIT_AT = 1 << 15
/** How many parts, a power of two. */
const PARTS = 64

export class LargeMap<V> {
  #whole: Map<string, V> | undefined = new Map()
  #parts: readonly Map<string, V>[] = []
  #size = 0

  get size(): number {
    return this.#whole?.size ?? this.#size
  }

  get(name: string): V | undefined {
    return (this.#whole ?? this.#partOf(name)).get(name)
  }

  set(name: string, value: V): void {
    if (this.#whole) {
      this.#whole.set(name, value)
      if (this.#whole.size >= SPLIT_AT) this.#split(this.#whole)
      return
    }
    const part = this.#partOf(name)
    const before = part.size
    part.set(name, value)
    this.#size += part.size - before
  }

  delete(name: string): boolean {
    if (this.#whole) return this.#whole.delete(name)
    const isGone = this.#partOf(name).delete(name)
    if (isGone) this.#size--
    return isGone
  }

  /** In an order that depends on the names and how they came, and on nothing else. */
  *values(): Generator<V> {
    if (this.#whole) yield* this.#whole.values()
    else for (const part of this.#parts) yield* part.values()
  }

  #split(whole: ReadonlyMap<string, V>): void {
    this.#parts = Array.from({ length: PARTS }, () => new Map<string, V>())
    this.#size = whole.size
    this.#whole = undefined
    for (const [name, value] of whole) this.#partOf(name).set(name, value)
  }

  /** Names differ at their ends: those of pods and Events are drawn there. */
  #partOf(name: string): Map<string, V> {
    const { length } = name
    const last = name.charCodeAt(length - 1)
    return this.#parts[
      (last * 31 + name.charCodeAt(length - 2) * 7 + name.charCodeAt(length - 3)) & (PARTS - 1)
    ]!
  }
}
