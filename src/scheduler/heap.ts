/** A binary heap whose items know their place, so that any of them can be taken out or moved. */
import { assert } from '../sim/index.ts'

export interface HeapItem {
  /** Where it stands; -1 outside. The heap's business. */
  heapIndex: number
}

export class Heap<T extends HeapItem> {
  readonly #items: T[] = []
  readonly #less: (a: T, b: T) => boolean

  /** `less` must be a strict order that tells any two items apart, or their order will depend on history. */
  constructor(less: (a: T, b: T) => boolean) {
    this.#less = less
  }

  get size(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    assert(item.heapIndex === -1, 'an item is in one heap at a time')
    item.heapIndex = this.#items.length
    this.#items.push(item)
    this.#up(item)
  }

  pop(): T | undefined {
    const top = this.#items[0]
    if (top) this.remove(top)
    return top
  }

  remove(item: T): void {
    const index = item.heapIndex
    assert(this.#items[index] === item, 'an item is removed from the heap it is in')
    const last = this.#items.pop()!
    item.heapIndex = -1
    if (last === item) return
    this.#put(last, index)
    this.#down(last)
    this.#up(last)
  }

  #put(item: T, index: number): void {
    this.#items[index] = item
    item.heapIndex = index
  }

  #up(item: T): void {
    while (item.heapIndex > 0) {
      const index = item.heapIndex
      const parent = this.#items[(index - 1) >> 1]!
      if (!this.#less(item, parent)) return
      this.#put(item, parent.heapIndex)
      this.#put(parent, index)
    }
  }

  #down(item: T): void {
    for (;;) {
      const index = item.heapIndex
      const left = this.#items[2 * index + 1]
      const right = this.#items[2 * index + 2]
      const child = right && left && this.#less(right, left) ? right : left
      if (!child || !this.#less(child, item)) return
      this.#put(item, child.heapIndex)
      this.#put(child, index)
    }
  }
}
