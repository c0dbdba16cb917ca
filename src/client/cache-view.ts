/** A {@link View} over a component's informers that counts the objects it hands out. */
import type { KindDefinition, KubeObject } from '../api/index.ts'
import type { Simulation } from '../sim/index.ts'
import type { CacheIndex, View } from './controller.ts'
import type { Informers } from './informers.ts'

export class CacheView implements View {
  readonly #sim: Simulation
  readonly #informers: Informers
  /** Objects handed out so far. */
  objectsRead = 0

  constructor(sim: Simulation, informers: Informers) {
    this.#sim = sim
    this.#informers = informers
  }

  get nowMs(): number {
    return this.#sim.now
  }

  get timestamp(): string {
    return this.#sim.timestamp()
  }

  get<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined {
    const object = this.#informers.of(kind).get(namespace, name)
    if (object) this.objectsRead++
    return object
  }

  list<T extends KubeObject>(index: CacheIndex<T>, value: string): readonly T[] {
    const objects = this.#informers.of(index.kind).list(index, value)
    this.objectsRead += objects.length
    return objects
  }

  size<T extends KubeObject>(index: CacheIndex<T>, value: string): number {
    return this.#informers.of(index.kind).size(index, value)
  }

  sum<T extends KubeObject>(index: CacheIndex<T>, value: string, counter: string): number {
    return this.#informers.of(index.kind).sum(index, value, counter)
  }

  all<T extends KubeObject>(kind: KindDefinition<T>): readonly T[] {
    const objects = this.#informers.of(kind).all()
    this.objectsRead += objects.length
    return objects
  }
}
