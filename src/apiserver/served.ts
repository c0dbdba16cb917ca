/**
 * Several versions of one kind: requests in terms of a version that is not stored are answered in its terms. Bodies
 * are converted where they are read (`body.ts`, `field-tracking.ts`); here go the answers. Mirrors the conversions
 * around `endpoints/handlers`. Versions of custom resources are another matter: see `customresources/conversions.ts`.
 */
import { type AnyKind, type KubeObject, type Status, type StoredAs, statuses } from '../api/index.ts'
import type { ApiRequest, ApiResult, UserInfo, WatchEvent, WatchSink } from '../client/index.ts'
import type { Call } from './core.ts'

/** The request as handlers see it: about the stored kind. */
export function callFor(user: UserInfo, request: ApiRequest): Call {
  const { kind } = request
  const warnings = kind.deprecation === undefined ? [] : [kind.deprecation]
  if (!kind.storedAs || kind.conversion) return { user, request, warnings }
  return { user, request: { ...request, kind: kind.storedAs.kind }, warnings, served: kind }
}

/** A handler's answer in the terms of the version that was asked. */
export function inServedTerms({ request }: { request: ApiRequest }, result: ApiResult): ApiResult {
  const { kind, subresource } = request
  const { storedAs } = kind
  if (!storedAs || kind.conversion) return result
  if (!result.ok) return { ...result, status: renamed(result.status, storedAs.kind, kind) }
  const { object } = result
  const items = (object as unknown as { items?: readonly KubeObject[] }).items
  if (items) {
    const list = { ...object, apiVersion: kind.apiVersion, kind: `${kind.kind}List` }
    return { ...result, object: { ...list, items: items.map(item => converted(storedAs, item)) } as never }
  }
  const isOther = object.kind === 'Status' || subresource === 'scale'
  return isOther ? result : { ...result, object: converted(storedAs, object) }
}

/** A watch's sink that speaks the version that was asked. */
export function servedSink({ kind }: ApiRequest, sink: WatchSink): WatchSink {
  const { storedAs } = kind
  if (!storedAs || kind.conversion) return sink
  const convert = (event: WatchEvent): WatchEvent => ({
    ...event,
    object:
      event.type === 'BOOKMARK'
        ? { ...event.object, apiVersion: kind.apiVersion, kind: kind.kind }
        : converted(storedAs, event.object),
  })
  return {
    opened: () => sink.opened?.(),
    deliver: events => sink.deliver(events.map(convert)),
    closed: status => sink.closed(status),
  }
}

const conversions = new WeakMap<StoredAs, WeakMap<KubeObject, KubeObject>>()

/** Remembered by identity: a list is asked for again, a change goes to many watchers. */
function converted(storedAs: StoredAs, object: KubeObject): KubeObject {
  let known = conversions.get(storedAs)
  if (!known) {
    known = new WeakMap()
    conversions.set(storedAs, known)
  }
  const before = known.get(object)
  if (before) return before
  const result = storedAs.fromStored(object)
  known.set(object, result)
  return result
}

/** `events "x" not found` as `events.events.k8s.io "x" not found`. */
function renamed(status: Status, stored: AnyKind, served: AnyKind): Status {
  const { message = '', details } = status
  if (stored.group === served.group || details?.kind !== stored.plural) return status
  const text = message.replace(`${statuses.qualified(stored)} "`, `${statuses.qualified(served)} "`)
  return { ...status, message: text, details: { ...details, group: served.group, kind: served.plural } }
}
