/** What the handlers of requests share: the server's parts, named once. */
import type { AnyKind, KubeObject, Status, StrategyContext } from '../api/index.ts'
import { ApiError, statuses } from '../api/index.ts'
import type { ApiRequest, ApiResult, UserInfo } from '../client/index.ts'
import type { Label, RandomStream, Scope } from '../sim/index.ts'
import type { Access } from './access.ts'
import type { AdmissionChain } from './admission-chain.ts'
import type { Allocators } from './allocators.ts'
import type { Cacher } from './cacher.ts'
import type { Counters } from './counters.ts'
import type { Conversions } from './customresources/conversions.ts'
import type { FieldTracking } from './field-tracking.ts'
import type { LeasePool } from './lease-pool.ts'
import type { ResourceMetrics } from './resource-metrics.ts'
import type { Store } from './store.ts'
import type { WebhookPort } from './webhook-port.ts'

export interface Core {
  readonly scope: Scope
  readonly store: Store
  readonly cacher: Cacher
  readonly admission: AdmissionChain
  readonly access: Access
  readonly webhooks: WebhookPort
  readonly conversions: Conversions
  readonly allocators: Allocators
  readonly tracking: FieldTracking
  readonly leases: LeasePool
  readonly metrics: ResourceMetrics
  readonly counters: Counters
  readonly context: StrategyContext
  /** Uids, then names: streams of their own, so that neither shifts the other. */
  readonly uids: RandomStream
  readonly names: RandomStream
  readonly watchTimes: RandomStream
  readonly labels: Labels
}

/** What the server's own loop events are called in the trace. */
export interface Labels {
  readonly request: Label
  readonly freshness: Label
  readonly bookmark: Label
  readonly watchTimeout: Label
  readonly requestTimeout: Label
  readonly compact: Label
}

/** A request on its way: who, what, and what is to be said beside the answer. */
export interface Call {
  readonly user: UserInfo
  /** In terms of the stored kind. */
  readonly request: ApiRequest
  /** The version the client speaks, where it is not the stored one. */
  readonly served?: AnyKind
  readonly warnings: string[]
}

export function answer(call: Call, code: 200 | 201 | 202, object: unknown): ApiResult {
  const { warnings } = call
  return warnings.length > 0
    ? { ok: true, code, object: object as KubeObject, warnings }
    : { ok: true, code, object: object as KubeObject }
}

export function refusal(status: Status, warnings?: readonly string[]): ApiResult {
  const code = status.code ?? 500
  return warnings && warnings.length > 0 ? { ok: false, code, status, warnings } : { ok: false, code, status }
}

export function refuse(status: Status): never {
  throw new ApiError(status)
}

/** What is answered where there is no object to show. */
export const SUCCESS = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code: 200,
} as const
export const CREATED = { ...SUCCESS, code: 201 } as const

/** `{kind: Status, status: Success, details}`: what a delete answers when nothing is left to show. */
export function success(kind: AnyKind, object: KubeObject): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(kind.group && { group: kind.group }),
      kind: kind.plural,
      uid: object.metadata.uid,
    },
  }
}

export { statuses }
