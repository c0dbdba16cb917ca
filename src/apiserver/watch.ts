/**
 * Open watches: how they begin, what keeps an idle one current, when they end. Mirrors `handlers/watch.go` and
 * `Cacher.Watch`. Where it differs: bookmarks go out once a minute to every watch that was silent since the last
 * minute, not on a clock of each watch's own.
 */
import { API_SERVER, ApiError, statuses } from '../api/index.ts'
import type { WatchEvent, WatchSink } from '../client/index.ts'
import { formatTime, type Timer } from '../sim/index.ts'
import type { Call, Core } from './core.ts'
import { versionOf } from './list.ts'
import { selectionOf } from './selection.ts'
import type { WatchCache } from './watch-cache.ts'
import { eventOf, isSelected, type Watcher } from './watchers.ts'

/** A watch and the cache it watches. */
export interface OpenWatch {
  readonly watcher: Watcher
  readonly cache: WatchCache
  readonly timer: Timer
}

/** Says that the state a watch began with has been sent. */
const INITIAL_EVENTS_END = Object.freeze({ 'k8s.io/initial-events-end': 'true' })

export class Watches {
  readonly #core: Core
  #isTicking = false

  constructor(core: Core) {
    this.#core = core
  }

  /**
   * Starts a watch and sends its first delivery: the present state for resourceVersion '' and '0', else what
   * happened since. Throws ApiError 400 or 410.
   */
  open(cache: WatchCache, call: Call, sink: WatchSink): OpenWatch {
    const core = this.#core
    const { request } = call
    const { revision } = core.cacher
    const { resourceVersion, allowWatchBookmarks, timeoutSeconds, sendInitialEvents } = request.options
    const selection = selectionOf(call)
    const from = versionOf(resourceVersion)
    const events: WatchEvent[] = []
    if (sendInitialEvents ?? from === 0) {
      for (const { object, key } of cache.list(selection.namespace)) {
        if (isSelected(selection, object)) {
          events.push({ type: 'ADDED', object, key, cause: core.scope.sim.cause })
        }
      }
    } else if (from > 0) {
      const changes = cache.since(from)
      if (!changes) {
        const message = `too old resource version: ${from} (${cache.oldestRevision})`
        throw new ApiError(statuses.expired(message))
      }
      for (const change of changes) {
        const event = eventOf(selection, change)
        if (event) events.push(event)
      }
    }
    const wantsBookmarks = allowWatchBookmarks === true
    if (sendInitialEvents && wantsBookmarks) events.push(this.#bookmark(cache, INITIAL_EVENTS_END))
    const watcher: Watcher = {
      selection,
      sink,
      wantsBookmarks,
      afterRevision: Math.max(from, revision),
      pending: [],
      isOpen: true,
      isQuiet: events.length === 0,
    }
    cache.watchers.add(watcher)
    const timeoutMs = (timeoutSeconds || this.#someTimeoutSeconds()) * 1000
    const timer = core.scope.schedule(
      timeoutMs,
      core.labels.watchTimeout,
      () => this.#expire(open),
      undefined,
    )
    const open: OpenWatch = { watcher, cache, timer }
    if (watcher.wantsBookmarks && !this.#isTicking) this.#tickLater()
    if (events.length > 0) sink.deliver(events)
    return open
  }

  /** The client has gone. */
  stop({ watcher, cache, timer }: OpenWatch): void {
    watcher.isOpen = false
    cache.watchers.remove(watcher)
    this.#core.scope.sim.cancel(timer)
  }

  #someTimeoutSeconds(): number {
    return Math.floor(API_SERVER.minWatchSeconds * (1 + this.#core.watchTimes.float()))
  }

  /** Time is up: the client is told how far it has come and may watch on from there. */
  #expire(open: OpenWatch): void {
    const { watcher, cache } = open
    if (!watcher.isOpen) return
    if (watcher.wantsBookmarks) this.#sendBookmark(watcher, cache)
    this.stop(open)
    watcher.sink.closed(undefined)
  }

  #tickLater(): void {
    this.#isTicking = true
    const { scope, labels } = this.#core
    scope.schedule(API_SERVER.bookmarkPeriodMs, labels.bookmark, () => this.#tick(), undefined)
  }

  #tick(): void {
    this.#isTicking = false
    for (const cache of this.#core.cacher.caches) {
      if (cache.watchers.size === 0) continue
      for (const watcher of cache.watchers.all()) {
        if (!watcher.wantsBookmarks) continue
        this.#isTicking = true
        if (watcher.isQuiet) this.#sendBookmark(watcher, cache)
        watcher.isQuiet = true
      }
    }
    if (this.#isTicking) this.#tickLater()
  }

  /** Says only "you have seen everything up to here"; nothing when the watch knows that already. */
  #sendBookmark(watcher: Watcher, cache: WatchCache): void {
    const { revision } = this.#core.cacher
    if (watcher.afterRevision >= revision) return
    watcher.afterRevision = revision
    watcher.sink.deliver([this.#bookmark(cache)])
  }

  #bookmark(cache: WatchCache, annotations?: Readonly<Record<string, string>>): WatchEvent {
    const { kind, apiVersion } = cache.kind
    const { revision } = this.#core.cacher
    const metadata = {
      name: '',
      uid: '',
      resourceVersion: String(revision),
      creationTimestamp: formatTime(this.#core.scope.sim.now),
      ...(annotations && { annotations }),
    }
    const object = Object.freeze({ apiVersion, kind, metadata: Object.freeze(metadata) })
    return { type: 'BOOKMARK', object, key: '', cause: this.#core.scope.sim.cause }
  }
}
