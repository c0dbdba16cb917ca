/**
 * Every subresource that the server answers itself. A new one is a file here, a line below, and an entry without
 * `apply` in the kind's `actions`.
 */
import type { AnyKind } from '../../api/index.ts'
import type { Verb } from '../../client/index.ts'
import { assert } from '../../sim/index.ts'
import { CONNECTERS } from './connect.ts'
import type { SubresourceHandler } from './handler.ts'
import { POD_EVICTION } from './pod-eviction.ts'
import { SERVICE_ACCOUNT_TOKEN } from './service-account-token.ts'

const SUBRESOURCE_HANDLERS: readonly SubresourceHandler[] = [
  ...CONNECTERS,
  POD_EVICTION,
  SERVICE_ACCOUNT_TOKEN,
]

/** What answers for `kind/subresource`. */
export function handlerOf(kind: AnyKind, subresource: string): SubresourceHandler['handle'] {
  const found = SUBRESOURCE_HANDLERS.find(one => one.kind === kind && one.subresource === subresource)
  assert(found, `${kind.plural}/${subresource} has a handler`)
  return found.handle
}

/** Whether a request of that verb connects to something: admission hears of it as CONNECT. */
export function connects(kind: AnyKind, subresource: string, verb: Verb): boolean {
  const found = CONNECTERS.find(one => one.kind === kind && one.subresource === subresource)
  return found?.connects?.includes(verb) ?? false
}
