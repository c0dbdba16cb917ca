/**
 * The door everyone knocks on: what a client can ask of an API server. The apiserver implements it, a simulated
 * wire lies between, and components see nothing else of each other.
 */
import type { AnyKind, KindDefinition } from '../api/define-kind.ts'
import type { KubeObject } from '../api/object.ts'
import type { Status } from '../api/status.ts'
import type { Cause } from '../sim/index.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** `apply` is server-side apply: the body is the object as its applier wants it. */
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** Who asks. */
export interface UserInfo {
  readonly name: string
  readonly groups: readonly string[]
  readonly uid?: string
  /** What else the authenticator found out: `authentication.kubernetes.io/pod-name`. Keys in lower case. */
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** Query parameters and DeleteOptions in one flat record; absent means Kubernetes' default. */
export interface RequestOptions {
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly allowWatchBookmarks?: boolean
  readonly timeoutSeconds?: number
  readonly dryRun?: boolean
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  readonly fieldManager?: string
  readonly patchType?: PatchType
  /** Server-side apply: takes fields that others own. */
  readonly force?: boolean
  /** Watch: the present state first, then a bookmark that says so, then changes. */
  readonly sendInitialEvents?: boolean
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

export interface ApiRequest {
  readonly verb: Verb
  readonly kind: AnyKind
  /** '' for cluster-scoped kinds, and for lists and watches over all namespaces. */
  readonly namespace: string
  /** '' where none applies. */
  readonly name: string
  /** '' for the resource itself; `status`, `scale`, `binding`, ... */
  readonly subresource: string
  /** The object for create and update, the patch document for patch. Handed over: the sender keeps no hold on it. */
  readonly body?: unknown
  readonly options: RequestOptions
  /** True when `body` comes from a person or a wire: it is schema-checked; components' objects are trusted. */
  readonly isFromWire?: boolean
  /** The HTTP User-Agent: its first word manages the fields of a write that names no fieldManager. */
  readonly userAgent?: string
  /** Fields that the text of the body had twice (`spec.replicas`): decoding keeps the last. See `fieldValidation`. */
  readonly duplicateFields?: readonly string[]
}

export type ApiResult<T = KubeObject> =
  | {
      readonly ok: true
      readonly code: 200 | 201 | 202
      readonly object: T
      readonly warnings?: readonly string[]
    }
  | {
      readonly ok: false
      readonly code: number
      readonly status: Status
      readonly warnings?: readonly string[]
    }

export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: T
  /** `namespace/name`, built once at the commit; '' for bookmarks. */
  readonly key: string
  /** The commit that made it. One an event, never one a batch. */
  readonly cause: Cause
}

/** The receiving end of a watch. */
export interface WatchSink {
  /** The server has let the watch in; said at the server, before anything is delivered. */
  opened?(): void
  /** One delivery: everything that arrived on the connection in this millisecond. */
  deliver(events: readonly WatchEvent[]): void
  /** The connection is over: with a Status when the server said why (410 Expired), without when it broke. */
  closed(status: Status | undefined): void
}

export interface WatchHandle {
  stop(): void
}

/** An API server as one client sees it. */
export interface ApiPort {
  /** Sends a request; `reply` is called once, in a later event. A code of 0 means no answer came. */
  request(request: ApiRequest, reply: (result: ApiResult<never>) => void): void
  watch(request: ApiRequest, sink: WatchSink): WatchHandle
}

/** What the apiserver offers to the wire: {@link ApiPort} with the caller's identity. */
export interface ApiServerPort {
  request(user: UserInfo, request: ApiRequest, reply: (result: ApiResult<never>) => void): void
  watch(user: UserInfo, request: ApiRequest, sink: WatchSink): WatchHandle
}

/** No options: share it rather than make one. */
export const NO_OPTIONS: RequestOptions = Object.freeze({})

/** A request for one named object; spread further fields over it. */
export function requestFor<T extends KubeObject>(
  verb: Verb,
  kind: KindDefinition<T>,
  namespace: string,
  name: string,
  more?: { subresource?: string; body?: unknown; options?: RequestOptions; isFromWire?: boolean },
): ApiRequest {
  return {
    verb,
    kind,
    namespace,
    name,
    subresource: more?.subresource ?? '',
    body: more?.body,
    options: more?.options ?? NO_OPTIONS,
    isFromWire: more?.isFromWire,
  }
}
