/**
 * A watch of a version that may have to be asked for: events wait for their conversion, and those after them for
 * their turn. A conversion that fails ends the watch, as a decoder's error does upstream.
 */
import { type AnyKind, ApiError } from '../../api/index.ts'
import type { WatchEvent, WatchSink } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Core } from '../core.ts'
import { isKnownAs, knownAs } from './conversions.ts'

/** A sink that delivers to `sink` in the version of `kind`. `stop` ends the watch at the server's side. */
export function convertingSink(
  core: Core,
  kind: AnyKind,
  sink: WatchSink,
  watch: { readonly isStopped: boolean },
  stop: () => void,
): WatchSink {
  let waiting: WatchEvent[] = []
  let isBusy = false
  let isOver = false
  const isKnown = ({ type, object }: WatchEvent) => type === 'BOOKMARK' || isKnownAs(kind, object)
  const send = (events: readonly WatchEvent[]) => {
    if (!isOver && !watch.isStopped) sink.deliver(events.map(event => inTermsOf(kind, event)))
  }
  function* work(): Routine<void> {
    while (waiting.length > 0 && !isOver && !watch.isStopped) {
      const events = waiting
      waiting = []
      const unknown = events.filter(event => !isKnown(event)).map(({ object }) => object)
      try {
        yield* core.conversions.servedAll(kind, unknown)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (isOver || watch.isStopped) return
        isOver = true
        stop()
        sink.closed(error.status)
        return
      }
      send(events)
    }
  }
  return {
    opened: () => sink.opened?.(),
    deliver: events => {
      if (!isBusy && events.every(isKnown)) {
        send(events)
        return
      }
      waiting.push(...events)
      if (isBusy) return
      isBusy = true
      core.scope.spawn(core.labels.request, work(), () => {
        isBusy = false
      })
    },
    closed: status => {
      isOver = true
      sink.closed(status)
    },
  }
}

function inTermsOf(kind: AnyKind, event: WatchEvent): WatchEvent {
  const { object } = event
  if (event.type !== 'BOOKMARK') return { ...event, object: knownAs(kind, object) }
  return { ...event, object: { ...object, apiVersion: kind.apiVersion, kind: kind.kind } }
}
