/** Opening a watch. Mirrors `handlers/watch.go` and `Cacher.Watch`. */

import { ApiError, statuses } from '../api/index.ts'
import type { ApiRequest, WatchEvent, WatchSink } from '../client/index.ts'
import { selectionOf } from './selection.ts'
import type { WatchCache } from './watch-cache.ts'
import { eventOf, isSelected, type Watcher } from './watchers.ts'

/**
 * Starts a watch and sends its first delivery: the present state for resourceVersion '' and '0', else what
 * happened since. Throws ApiError 400 or 410.
 */
export function openWatch(
  cache: WatchCache,
  revision: number,
  request: ApiRequest,
  sink: WatchSink,
): Watcher {
  const selection = selectionOf(request)
  const { resourceVersion, allowWatchBookmarks } = request.options
  const watcher: Watcher = {
    selection,
    sink,
    wantsBookmarks: allowWatchBookmarks === true,
    afterRevision: revision,
    pending: [],
    isOpen: true,
  }
  const events: WatchEvent[] = []
  if (!resourceVersion || resourceVersion === '0') {
    for (const { object, key } of cache.list(selection.namespace)) {
      if (isSelected(selection, object)) events.push({ type: 'ADDED', object, key, cause: 0 })
    }
  } else {
    const from = Number(resourceVersion)
    const changes = cache.since(from)
    if (!changes) {
      const message = `too old resource version: ${resourceVersion} (${cache.oldestRevision})`
      throw new ApiError(statuses.expired(message))
    }
    for (const change of changes) {
      const event = eventOf(selection, change)
      if (event) events.push(event)
    }
    watcher.afterRevision = Math.max(from, revision)
  }
  cache.watchers.add(watcher)
  if (events.length > 0) sink.deliver(events)
  return watcher
}
