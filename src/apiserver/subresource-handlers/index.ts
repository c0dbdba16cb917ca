/**
 * Every subresource that the server answers itself. A new one is a file here, a line below, and an entry without
 * `apply` in the kind's `actions`.
 */
import type { AnyKind } from '../../api/index.ts'
import { assert } from '../../sim/index.ts'
import type { SubresourceHandler } from './handler.ts'
import { POD_STREAMS } from './pod-connect.ts'
import { POD_EVICTION } from './pod-eviction.ts'
import { SERVICE_ACCOUNT_TOKEN } from './service-account-token.ts'

const SUBRESOURCE_HANDLERS: readonly SubresourceHandler[] = [
  POD_EVICTION,
  ...POD_STREAMS,
  SERVICE_ACCOUNT_TOKEN,
]

/** What answers for `kind/subresource`. */
export function handlerOf(kind: AnyKind, subresource: string): SubresourceHandler['handle'] {
  const found = SUBRESOURCE_HANDLERS.find(one => one.kind === kind && one.subresource === subresource)
  assert(found, `${kind.plural}/${subresource} has a handler`)
  return found.handle
}

/** Whether the subresource is a stream, whose opening admission hears of as CONNECT. */
export function isStream(kind: AnyKind, subresource: string): boolean {
  return POD_STREAMS.some(one => one.kind === kind && one.subresource === subresource)
}
