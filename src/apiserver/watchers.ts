/**
 * Who watches a kind, found without asking everybody: by object, by `kind.watchIndex` value, by namespace, or
 * everything. A thousand kubelets that each watch their own node's pods are told nothing of others'. Mirrors
 * the cacher's indexed watchers; where upstream queues per watcher, events here go out in one delivery a watcher
 * for each batch of commits.
 */
import type { AnyKind, KubeObject } from '../api/index.ts'
import type { WatchEvent, WatchSink } from '../client/index.ts'
import { copiedMetadata, withMetadata } from './metadata.ts'
import { indexValueOf, type Selection } from './selection.ts'
import type { Change } from './watch-cache.ts'

/** One open watch. */
export interface Watcher {
  readonly selection: Selection
  readonly sink: WatchSink
  readonly wantsBookmarks: boolean
  /** Changes up to here are not for it: it knows them. */
  afterRevision: number
  /** Events of the batch being taken in. */
  pending: readonly WatchEvent[]
  isOpen: boolean
  /** Nothing was sent since the last round of bookmarks. */
  isQuiet: boolean
}

/** The events one change can lead to, each made when first wanted and shared by all watchers. */
interface Telling {
  readonly change: Change
  added: WatchEvent | undefined
  modified: WatchEvent | undefined
  deleted: WatchEvent | undefined
}

const NONE: readonly never[] = Object.freeze([])

export class WatcherIndex {
  readonly #kind: AnyKind
  readonly #everything = new Map<string, Watcher[]>([['', []]])
  readonly #byKey = new Map<string, Watcher[]>()
  readonly #byIndexValue = new Map<string, Watcher[]>()
  readonly #byNamespace = new Map<string, Watcher[]>()
  #dirty: Watcher[] = []
  #size = 0

  constructor(kind: AnyKind) {
    this.#kind = kind
  }

  get size(): number {
    return this.#size
  }

  add(watcher: Watcher): void {
    const { bucket, key } = this.#placeOf(watcher)
    const watchers = bucket.get(key)
    if (watchers) watchers.push(watcher)
    else bucket.set(key, [watcher])
    this.#size++
  }

  remove(watcher: Watcher): void {
    const { bucket, key } = this.#placeOf(watcher)
    const watchers = bucket.get(key)
    const at = watchers?.indexOf(watcher) ?? -1
    if (!watchers || at < 0) return
    watchers.splice(at, 1)
    this.#size--
    if (watchers.length === 0 && bucket !== this.#everything) bucket.delete(key)
  }

  /** Every open watch, those of everything first, in the order they came. */
  all(): Watcher[] {
    const watchers: Watcher[] = []
    for (const bucket of [this.#everything, this.#byKey, this.#byIndexValue, this.#byNamespace]) {
      for (const some of bucket.values()) watchers.push(...some)
    }
    return watchers
  }

  /** Queues what `change` means to each watcher it concerns; {@link flush} sends it. */
  offer(change: Change): void {
    if (this.#size === 0) return
    const telling: Telling = { change, added: undefined, modified: undefined, deleted: undefined }
    this.#offerTo(this.#everything.get(''), telling)
    if (this.#byNamespace.size > 0) this.#offerTo(this.#byNamespace.get(change.namespace), telling)
    if (this.#byKey.size > 0) this.#offerTo(this.#byKey.get(change.key), telling)
    if (this.#byIndexValue.size > 0) {
      const now = change.object && indexValueOf(this.#kind, change.object)
      const before = change.previous && indexValueOf(this.#kind, change.previous)
      if (now !== undefined) this.#offerTo(this.#byIndexValue.get(now), telling)
      if (before !== undefined && before !== now) this.#offerTo(this.#byIndexValue.get(before), telling)
    }
  }

  /** Sends what was queued, one delivery a watcher. */
  flush(): void {
    const dirty = this.#dirty
    if (dirty.length === 0) return
    this.#dirty = []
    for (const watcher of dirty) {
      const events = watcher.pending
      watcher.pending = NONE
      watcher.isQuiet = false
      if (watcher.isOpen) watcher.sink.deliver(events)
    }
  }

  #offerTo(watchers: readonly Watcher[] | undefined, telling: Telling): void {
    if (!watchers) return
    for (const watcher of watchers) {
      if (telling.change.revision <= watcher.afterRevision) continue
      const event = eventFor(watcher.selection, telling)
      if (!event) continue
      // Most batches bring a watch one event: a list that grows would take room for many.
      if (watcher.pending.length === 0) {
        watcher.pending = [event]
        this.#dirty.push(watcher)
      } else (watcher.pending as WatchEvent[]).push(event)
    }
  }

  #placeOf(watcher: Watcher): { bucket: Map<string, Watcher[]>; key: string } {
    const { namespace, name, indexValue } = watcher.selection
    if (name && (namespace || !this.#kind.isNamespaced)) {
      return { bucket: this.#byKey, key: namespace ? `${namespace}/${name}` : name }
    }
    if (indexValue !== undefined) return { bucket: this.#byIndexValue, key: indexValue }
    if (namespace) return { bucket: this.#byNamespace, key: namespace }
    return { bucket: this.#everything, key: '' }
  }
}

/** What `change` alone means to a watch of `selection`: used for changes of the past. */
export function eventOf(selection: Selection, change: Change): WatchEvent | undefined {
  return eventFor(selection, { change, added: undefined, modified: undefined, deleted: undefined })
}

/**
 * An object that comes to match is ADDED, one that no longer matches is DELETED, whatever happened to it. A
 * deletion shows the last state with the revision of the deletion.
 */
function eventFor(selection: Selection, telling: Telling): WatchEvent | undefined {
  const { object, previous, key, cause } = telling.change
  const isIn = object !== undefined && isSelected(selection, object)
  const wasIn = previous !== undefined && isSelected(selection, previous)
  if (isIn && wasIn) {
    telling.modified ??= { type: 'MODIFIED', object, key, cause }
    return telling.modified
  }
  if (isIn) {
    telling.added ??= { type: 'ADDED', object, key, cause }
    return telling.added
  }
  if (!wasIn) return undefined
  telling.deleted ??= { type: 'DELETED', object: atRevision(previous, telling.change.revision), key, cause }
  return telling.deleted
}

/** Namespace and name as well as the selectors: an indexed watch may be narrower than its index. */
export function isSelected(selection: Selection, object: KubeObject): boolean {
  const { namespace, name, matches } = selection
  if (namespace !== '' && object.metadata.namespace !== namespace) return false
  if (name !== '' && object.metadata.name !== name) return false
  return matches === undefined || matches(object)
}

/** A copy of `object` that bears another resourceVersion. */
function atRevision(object: KubeObject, revision: number): KubeObject {
  const metadata = copiedMetadata(object.metadata)
  metadata.resourceVersion = String(revision)
  return Object.freeze(withMetadata(object, Object.freeze(metadata)))
}
