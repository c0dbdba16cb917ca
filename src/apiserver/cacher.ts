/**
 * Keeps every kind's watch cache in step with etcd over one watch of the whole registry, and wakes those who wait
 * for it. Mirrors the cacher's reflector; upstream has one watch a resource, here one feeds them all, so that
 * every cache is at the same revision.
 */
import { type AnyKind, ApiError, type KubeObject, type Scheme } from '../api/index.ts'
import { type EtcdEvent, type EtcdPort, prefixEnd, type RangeResponse } from '../etcd/index.ts'
import { assert, type Label, type Routine, type Scope, Signal, sleep } from '../sim/index.ts'
import { REGISTRY_PREFIX } from './keys.ts'
import { NO_SUCH_RESOURCE } from './pipeline.ts'
import type { Store } from './store.ts'
import { WatchCache } from './watch-cache.ts'

const REGISTRY = Object.freeze({ key: REGISTRY_PREFIX, rangeEnd: prefixEnd(REGISTRY_PREFIX) })
/** Between attempts to list while etcd is away. */
const RETRY_MS = 1000

export class Cacher {
  readonly #scope: Scope
  readonly #scheme: Scheme
  readonly #etcd: EtcdPort<KubeObject>
  readonly #store: Store
  readonly #onLoaded: (cache: WatchCache) => void
  readonly #label: Label
  readonly #byKind = new Map<AnyKind, WatchCache>()
  readonly #byPrefix = new Map<string, WatchCache>()
  readonly #progress = new Signal()
  /** What held the last key that was asked about: the next one's is often the same. */
  #lastHolding: WatchCache | undefined
  #waiters = 0
  #revision = 0
  #isReady = false

  constructor(
    scope: Scope,
    scheme: Scheme,
    etcd: EtcdPort<KubeObject>,
    store: Store,
    onLoaded: (cache: WatchCache) => void,
  ) {
    this.#onLoaded = onLoaded
    this.#scope = scope
    this.#scheme = scheme
    this.#etcd = etcd
    this.#store = store
    this.#label = scope.sim.label('apiserver/cache')
  }

  /** False until the first list has arrived, and again while starting over. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Everything up to here is in the caches. */
  get revision(): number {
    return this.#revision
  }

  /** Whether a write that this server knows of is still missing from the caches. */
  get isBehind(): boolean {
    return this.#revision < this.#store.revision
  }

  /** The caches in the order of the kinds. */
  get caches(): readonly WatchCache[] {
    return [...this.#byKind.values()]
  }

  start(): void {
    this.#scope.spawn(this.#label, this.#begin())
  }

  /** The cache of a kind; made on first use for kinds that came later. */
  *cacheOf(kind: AnyKind): Routine<WatchCache> {
    const cache = this.known(kind)
    if (cache) return cache
    const isServed = this.#scheme.byResource(kind.apiVersion, kind.plural) === kind
    if (!isServed) throw new ApiError(NO_SUCH_RESOURCE)
    return yield* this.#addKind(kind.storedAs?.kind ?? kind)
  }

  /** The cache of a kind that is certainly served. */
  known(kind: AnyKind): WatchCache | undefined {
    return this.#byKind.get(kind.storedAs?.kind ?? kind)
  }

  /** Drops the cache of a kind that changed or went: its watches end, and the next to ask for it reads etcd anew. */
  forget(kind: AnyKind): void {
    const cache = this.#byKind.get(kind)
    if (!cache) return
    this.#byKind.delete(kind)
    this.#byPrefix.delete(cache.prefix)
    if (this.#lastHolding === cache) this.#lastHolding = undefined
    endWatches(cache)
  }

  /** Waits until the caches show everything up to `revision`. */
  *reach(revision: number): Routine<void> {
    while (!this.#isReady || this.#revision < revision) {
      this.#waiters++
      try {
        yield* this.#progress.wait()
      } finally {
        this.#waiters--
      }
    }
  }

  *#begin(): Routine<void> {
    const response = yield* this.#list()
    const { revision } = response
    for (const kind of this.#scheme.kinds) if (!kind.isVirtual) this.#cacheFor(kind).reset(revision)
    for (const cache of this.#byKind.values()) cache.reset(revision)
    for (const kv of response.kvs) this.#cacheHolding(kv.key)?.load(kv.key, kv.value, kv.modRevision)
    for (const cache of this.#byKind.values()) this.#onLoaded(cache)
    this.#revision = revision
    this.#isReady = true
    this.#etcd.watch(
      { ...REGISTRY, startRevision: revision + 1, owner: this.#scope },
      { deliver: (events, upTo) => this.#take(events, upTo), canceled: () => this.#startOver() },
    )
    this.#changed()
  }

  /** Everything there is, asked for until etcd answers. */
  *#list(): Routine<RangeResponse<KubeObject>> {
    for (;;) {
      try {
        return yield* this.#store.range(REGISTRY)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        yield* sleep(RETRY_MS)
      }
    }
  }

  #take(events: readonly EtcdEvent<KubeObject>[], upTo: number): void {
    if (!this.#scope.isAlive) return
    let only: WatchCache | undefined
    let areSeveral = false
    for (const event of events) {
      const { kv, cause } = event
      const cache = this.#cacheHolding(kv.key)
      if (!cache) continue
      areSeveral ||= only !== undefined && cache !== only
      only = cache
      const change =
        event.type === 'PUT'
          ? cache.put(kv.key, kv.value, kv.modRevision, cause)
          : cache.delete(kv.key, kv.modRevision, cause)
      if (change) cache.watchers.offer(change)
    }
    this.#revision = upTo
    // Most batches are of one kind; the watches of several are told in the order of the kinds.
    if (areSeveral) for (const cache of this.#byKind.values()) cache.watchers.flush()
    else only?.watchers.flush()
    this.#changed()
  }

  /** Etcd forgot what came next: end every watch and list again, as a cacher whose reflector failed. */
  #startOver(): void {
    if (!this.#scope.isAlive) return
    this.#isReady = false
    for (const cache of this.#byKind.values()) endWatches(cache)
    this.start()
  }

  #changed(): void {
    this.#scope.sim.markChanged()
    if (this.#waiters > 0) this.#progress.fire()
  }

  #cacheFor(served: AnyKind): WatchCache {
    const kind = served.storedAs?.kind ?? served
    let cache = this.#byKind.get(kind)
    if (!cache) {
      cache = new WatchCache(kind)
      this.#byKind.set(kind, cache)
      this.#byPrefix.set(cache.prefix, cache)
    }
    return cache
  }

  /** `/registry/pods/a/b` is of `/registry/pods/`, `/registry/apps/deployments/a/b` of the longer prefix. */
  #cacheHolding(key: string): WatchCache | undefined {
    if (this.#lastHolding && key.startsWith(this.#lastHolding.prefix)) return this.#lastHolding
    this.#lastHolding = this.#findHolding(key)
    return this.#lastHolding
  }

  #findHolding(key: string): WatchCache | undefined {
    const first = key.indexOf('/', REGISTRY_PREFIX.length)
    const core = this.#byPrefix.get(key.slice(0, first + 1))
    if (core) return core
    const second = key.indexOf('/', first + 1)
    return this.#byPrefix.get(key.slice(0, second + 1))
  }

  /** A kind that was defined while the server ran: reads what etcd has of it. */
  *#addKind(kind: AnyKind): Routine<WatchCache> {
    const cache = new WatchCache(kind)
    const range = { key: cache.prefix, rangeEnd: prefixEnd(cache.prefix) }
    for (;;) {
      const response = yield* this.#store.range(range)
      yield* this.reach(response.revision)
      const raced = this.#byKind.get(kind)
      if (raced) return raced
      // Changes between the answer and now would be lost: ask again until there were none.
      if (this.#revision !== response.revision && response.kvs.length > 0) continue
      assert(!this.#byPrefix.has(cache.prefix), 'one kind a prefix')
      cache.reset(this.#revision)
      for (const kv of response.kvs) cache.load(kv.key, kv.value, kv.modRevision)
      this.#onLoaded(cache)
      this.#byKind.set(kind, cache)
      this.#byPrefix.set(cache.prefix, cache)
      return cache
    }
  }
}

function endWatches(cache: WatchCache): void {
  for (const watcher of cache.watchers.all()) {
    cache.watchers.remove(watcher)
    watcher.isOpen = false
    watcher.sink.closed(undefined)
  }
}
