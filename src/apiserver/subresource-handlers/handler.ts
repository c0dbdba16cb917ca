/** What answers a request on a subresource that is more than a change of its object. */
import type { AnyKind } from '../../api/index.ts'
import type { ApiResult, Verb } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Call, Core } from '../core.ts'
import type { WatchCache } from '../watch-cache.ts'

export interface SubresourceHandler {
  readonly kind: AnyKind
  /** Named in the kind's `actions`, with the verb, and without `apply`. */
  readonly subresource: string
  /** The verbs by which it is connected to, where it is: admission hears of them as CONNECT. */
  readonly connects?: readonly Verb[]
  /** `cache` is that of the kind. Throws ApiError to refuse. */
  handle(core: Core, call: Call, cache: WatchCache): Routine<ApiResult>
}
