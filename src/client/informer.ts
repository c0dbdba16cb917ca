/**
 * One kind's cache in a component, kept up by a list and a watch (client-go's shared informer). Handlers run in
 * the delivery's own loop event, each with the cause of the commit it is told about.
 */

import { type KindDefinition, type KubeObject, keyOf } from '../api/index.ts'
import { assert, type Cause, type Label, LIMITS, type Scope } from '../sim/index.ts'
import type { ApiPort, WatchEvent } from './api-port.ts'
import { Cache } from './cache.ts'
import type { CacheIndex } from './controller.ts'
import { Reflector } from './reflector.ts'

/** What part of a kind an informer follows. */
export interface InformerOptions {
  readonly namespace?: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

/** Called after the cache has changed; `key` is `namespace/name`. */
export interface InformerHandler<T extends KubeObject> {
  added?(object: T, key: string): void
  updated?(object: T, old: T, key: string): void
  deleted?(object: T, key: string): void
}

export class Informer<T extends KubeObject> {
  readonly kind: KindDefinition<T>
  readonly #scope: Scope
  readonly #label: Label
  readonly #cache = new Cache<T>()
  readonly #added: NonNullable<InformerHandler<T>['added']>[] = []
  readonly #updated: NonNullable<InformerHandler<T>['updated']>[] = []
  readonly #deleted: NonNullable<InformerHandler<T>['deleted']>[] = []
  readonly #reflector: Reflector<T>
  readonly #whenSynced: (() => void)[] = []
  #hasSynced = false

  constructor(scope: Scope, api: ApiPort, kind: KindDefinition<T>, options: InformerOptions) {
    this.kind = kind
    this.#scope = scope
    this.#label = scope.sim.label('informer/replace')
    this.#reflector = new Reflector(scope, api, kind, options, {
      replace: (objects, cause, done) => this.#replaceAll(objects, 0, new Set(), cause, done),
      deliver: events => this.#deliver(events),
    })
  }

  /** True once the first list has arrived. */
  get hasSynced(): boolean {
    return this.#hasSynced
  }

  /** How many objects are in the cache. */
  get count(): number {
    return this.#cache.size
  }

  start(): void {
    this.#reflector.start()
  }

  /** Ends for good, with its cache as it is: for kinds that went. */
  stop(): void {
    this.#reflector.stop()
  }

  /** Calls `act` when the first list has arrived; now, when it has. */
  whenSynced(act: () => void): void {
    if (this.#hasSynced) act()
    else this.#whenSynced.push(act)
  }

  get(namespace: string, name: string): T | undefined {
    return this.#cache.get(namespace ? `${namespace}/${name}` : name)
  }

  getByKey(key: string): T | undefined {
    return this.#cache.get(key)
  }

  /** Every object, in key order. */
  all(): readonly T[] {
    return this.#cache.all()
  }

  addIndex(index: CacheIndex<T>): void {
    assert(index.kind.kind === this.kind.kind, `index ${index.name} is over ${this.kind.kind}`)
    this.#cache.addIndex(index)
  }

  /** Objects under one value of an index, in key order. */
  list(index: CacheIndex<T>, value: string): readonly T[] {
    return this.#cache.addIndex(index).list(value)
  }

  /** How many objects are under that value: O(1). */
  size(index: CacheIndex<T>, value: string): number {
    return this.#cache.addIndex(index).size(value)
  }

  /** A running sum over the objects under that value: O(1). */
  sum(index: CacheIndex<T>, value: string, counter: string): number {
    return this.#cache.addIndex(index).sum(value, counter)
  }

  /** Adds a handler; what is in the cache already is told to it as added. */
  addHandler(handler: InformerHandler<T>): void {
    if (handler.added) this.#added.push(handler.added.bind(handler))
    if (handler.updated) this.#updated.push(handler.updated.bind(handler))
    if (handler.deleted) this.#deleted.push(handler.deleted.bind(handler))
    if (handler.added) for (const object of this.#cache.all()) handler.added(object, keyOf(object))
  }

  #deliver(events: readonly WatchEvent[]): void {
    const { sim } = this.#scope
    const before = sim.cause
    try {
      for (const event of events) {
        if (event.type === 'BOOKMARK') continue
        sim.exchangeCause(event.cause)
        this.#apply(event.type === 'DELETED', event.key, event.object as T)
      }
    } finally {
      sim.exchangeCause(before)
    }
    sim.markChanged()
  }

  /**
   * The cache becomes exactly `objects`: told as the additions, changes and deletions it takes, a bounded number in
   * one loop event.
   */
  #replaceAll(
    objects: readonly T[],
    from: number,
    listed: Set<string>,
    cause: Cause,
    done: () => void,
  ): void {
    const end = Math.min(objects.length, from + LIMITS.objectsPerStep)
    for (let i = from; i < end; i++) this.#takeIn(objects[i]!, listed, cause)
    if (end < objects.length) {
      const goOn = () => this.#replaceAll(objects, end, listed, cause, done)
      this.#scope.schedule(0, this.#label, goOn, undefined)
      return
    }
    for (const key of [...this.#cache.keys()]) {
      if (!listed.has(key)) this.#set(true, key, this.#cache.get(key)!, cause)
    }
    this.#hasSynced = true
    this.#scope.sim.markChanged()
    for (const act of this.#whenSynced.splice(0)) act()
    done()
  }

  #takeIn(object: T, listed: Set<string>, cause: Cause): void {
    const key = keyOf(object)
    listed.add(key)
    const known = this.#cache.get(key)
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion) return
    if (known && known.metadata.uid !== object.metadata.uid) this.#set(true, key, known, cause)
    this.#set(false, key, object, cause)
  }

  #set(isDeleted: boolean, key: string, object: T, cause: Cause): void {
    this.#scope.sim.because(cause, () => this.#apply(isDeleted, key, object))
  }

  #apply(isDeleted: boolean, key: string, object: T): void {
    const old = this.#cache.replace(key, isDeleted ? undefined : object)
    if (isDeleted) {
      if (old) for (const tell of this.#deleted) tell(object, key)
    } else if (old) for (const tell of this.#updated) tell(object, old, key)
    else for (const tell of this.#added) tell(object, key)
  }
}
