/**
 * One kind as the server knows it: every object, and the changes of late. Fed from etcd in commit order; reads,
 * lists and watches are answered from here. Mirrors `k8s.io/apiserver/pkg/storage/cacher` (watchCache).
 */
import type { AnyKind, KubeObject } from '../api/index.ts'
import { type Cause, LargeMap, LIMITS } from '../sim/index.ts'
import { prefixOf } from './keys.ts'
import { WatcherIndex } from './watchers.ts'

/** A stored object with what etcd says about it. */
export interface Entry {
  /** `namespace/name` */
  readonly key: string
  readonly etcdKey: string
  object: KubeObject
  /** The etcd revision of `object`: its resourceVersion as a number. */
  revision: number
  isGone: boolean
}

/** One commit, as watchers are told about it. */
export interface Change {
  readonly revision: number
  readonly key: string
  readonly namespace: string
  /** The state after it; undefined for a deletion. */
  readonly object: KubeObject | undefined
  readonly previous: KubeObject | undefined
  readonly cause: Cause
}

export class WatchCache {
  readonly kind: AnyKind
  /** `/registry/pods/` */
  readonly prefix: string
  readonly watchers: WatcherIndex
  /** Objects by namespace ('' for cluster-scoped kinds), then name. */
  readonly #objects = new Map<string, LargeMap<Entry>>()
  /** The namespace asked about last, which the next is likely to be, and its names. */
  #lastNamespace: string | undefined
  #lastNames: LargeMap<Entry> | undefined
  /** Every entry in key order up to the last list, newcomers behind, the gone still among them. */
  #ordered: Entry[] = []
  #sortedLength = 0
  #gone = 0
  #recent: Change[] = []
  /** Watches can begin at this revision or later. */
  #oldest = 0
  #size = 0
  #changes = 0

  constructor(kind: AnyKind) {
    this.kind = kind
    this.prefix = prefixOf(kind)
    this.watchers = new WatcherIndex(kind)
  }

  get size(): number {
    return this.#size
  }

  /** How often anything changed: whoever remembers something of this cache compares. */
  get changes(): number {
    return this.#changes
  }

  /** The oldest resourceVersion a watch can still begin at. */
  get oldestRevision(): number {
    return this.#oldest
  }

  get(namespace: string, name: string): Entry | undefined {
    return this.#namesIn(namespace)?.get(name)
  }

  #namesIn(namespace: string): LargeMap<Entry> | undefined {
    if (namespace !== this.#lastNamespace) {
      this.#lastNames = this.#objects.get(namespace)
      // One that is not there may come.
      this.#lastNamespace = this.#lastNames && namespace
    }
    return this.#lastNames
  }

  #forgetNamespace(): void {
    this.#lastNamespace = undefined
    this.#lastNames = undefined
  }

  /** Entries in the order of etcd's keys: all, or one namespace's. */
  list(namespace: string): readonly Entry[] {
    const all = this.#all()
    if (namespace === '') return all
    if (!this.#objects.has(namespace)) return []
    // What follows the slash of every key of the namespace is less than the sign after the slash.
    return all.slice(position(all, `${namespace}/`), position(all, `${namespace}0`))
  }

  /** Forgets everything and starts afresh from what etcd had at `revision`. */
  reset(revision: number): void {
    this.#objects.clear()
    this.#forgetNamespace()
    this.#ordered = []
    this.#sortedLength = 0
    this.#gone = 0
    this.#recent = []
    this.#size = 0
    this.#changes++
    this.#oldest = revision
  }

  /** Takes in an object read from etcd, without telling anyone. */
  load(etcdKey: string, object: KubeObject, revision: number): void {
    this.#put(etcdKey, this.kind.decode?.(object) ?? object, revision)
  }

  /** Takes in a PUT; gives the change to tell watchers about. */
  put(etcdKey: string, stored: KubeObject, revision: number, cause: Cause): Change {
    const object: KubeObject = this.kind.decode?.(stored) ?? stored
    const { namespace = '', name } = object.metadata
    const entry = this.get(namespace, name)
    const previous = entry?.object
    let key: string
    if (entry) {
      entry.object = object
      entry.revision = revision
      key = entry.key
    } else key = this.#put(etcdKey, object, revision)
    return this.#remember({ revision, key, namespace, object, previous, cause })
  }

  /** Takes in a DELETE; undefined when the object was not known. */
  delete(etcdKey: string, revision: number, cause: Cause): Change | undefined {
    const key = etcdKey.slice(this.prefix.length)
    const slash = key.indexOf('/')
    const namespace = slash < 0 ? '' : key.slice(0, slash)
    const names = this.#namesIn(namespace)
    const name = key.slice(slash + 1)
    const entry = names?.get(name)
    if (!names || !entry) return undefined
    names.delete(name)
    if (names.size === 0) {
      this.#objects.delete(namespace)
      this.#forgetNamespace()
    }
    entry.isGone = true
    this.#size--
    if (++this.#gone > 1000 + this.#size) this.#dropGone()
    const previous = entry.object
    return this.#remember({ revision, key: entry.key, namespace, object: undefined, previous, cause })
  }

  /** Changes after `revision`, oldest first; undefined when it is too long ago. */
  since(revision: number): readonly Change[] | undefined {
    if (revision < this.#oldest) return undefined
    let start = this.#recent.length
    while (start > 0 && this.#recent[start - 1]!.revision > revision) start--
    return this.#recent.slice(start)
  }

  #put(etcdKey: string, object: KubeObject, revision: number): string {
    const { namespace = '', name } = object.metadata
    let names = this.#namesIn(namespace)
    if (!names) {
      names = new LargeMap()
      this.#objects.set(namespace, names)
    }
    // A slice shares the characters of the key it is cut from.
    const key = etcdKey.slice(this.prefix.length)
    const entry: Entry = { key, etcdKey, object, revision, isGone: false }
    names.set(name, entry)
    this.#changes++
    this.#ordered.push(entry)
    this.#size++
    return key
  }

  #remember(change: Change): Change {
    this.#changes++
    this.#recent.push(change)
    // Cut in halves, so that keeping the bound costs nothing a change.
    if (this.#recent.length >= 2 * LIMITS.watchCacheChanges) {
      this.#oldest = this.#recent[LIMITS.watchCacheChanges - 1]!.revision
      this.#recent = this.#recent.slice(LIMITS.watchCacheChanges)
    }
    return change
  }

  #all(): readonly Entry[] {
    if (this.#gone > 0) this.#dropGone()
    if (this.#sortedLength !== this.#ordered.length) this.#sortNewcomers()
    return this.#ordered
  }

  /** Sorts what came since the last list, and merges it with what is in order. */
  #sortNewcomers(): void {
    const old = this.#ordered
    const oldLength = this.#sortedLength
    const fresh = old.slice(oldLength).sort(byKey)
    const merged: Entry[] = []
    for (let i = 0, j = 0; i < oldLength || j < fresh.length; ) {
      const isOldNext = j === fresh.length || (i < oldLength && old[i]!.key < fresh[j]!.key)
      merged.push(isOldNext ? old[i++]! : fresh[j++]!)
    }
    this.#ordered = merged
    this.#sortedLength = merged.length
  }

  #dropGone(): void {
    const kept = this.#ordered.slice(0, this.#sortedLength).filter(isThere)
    const newcomers = this.#ordered.slice(this.#sortedLength).filter(isThere)
    this.#sortedLength = kept.length
    this.#ordered = kept.concat(newcomers)
    this.#gone = 0
  }
}

function isThere(entry: Entry): boolean {
  return !entry.isGone
}

function byKey(a: Entry, b: Entry): number {
  return a.key < b.key ? -1 : 1
}

/** Where the first entry whose key is not less than `key` stands. */
function position(entries: readonly Entry[], key: string): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[middle]!.key < key) low = middle + 1
    else high = middle
  }
  return low
}
