/**
 * The actions a kind defines (`pods/binding`, `namespaces/finalize`), and those the server answers itself
 * (`pods/eviction`). Mirrors the subresource stores of `pkg/registry`.
 */
import type { KubeObject } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { changeStored, isReleased, isSame, notThere, REMOVE } from './change.ts'
import { answer, type Call, type Core, refuse, statuses } from './core.ts'
import { asServed } from './field-tracking.ts'
import { getObject } from './list.ts'
import { owned } from './metadata.ts'
import { patched } from './patch.ts'
import { handlerOf } from './subresource-handlers/index.ts'
import type { WatchCache } from './watch-cache.ts'

/** A subresource that the kind defines itself. */
export function* performAction(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { request } = call
  const { kind } = request
  const action = kind.actions?.[request.subresource]
  const isChange = action?.verb === 'update' && action.apply !== undefined
  if (isChange && request.verb === 'get') return yield* getObject(core, call, cache)
  const isPatch = isChange && request.verb === 'patch'
  if (!action || (action.verb !== request.verb && !isPatch)) {
    return refuse(statuses.methodNotAllowed(kind, request.verb))
  }
  const { apply } = action
  if (!apply) return yield* handlerOf(kind, request.subresource)(core, call, cache)
  const changed = yield* changeStored(core, call, cache, old => {
    const acted = apply(
      old,
      isPatch ? patched(call, asServed(call, old)) : request.body,
      core.context,
    ) as KubeObject
    if (acted === old) return old
    const next = owned(acted.metadata === old.metadata ? { ...acted, metadata: { ...old.metadata } } : acted)
    if (isReleased(next, old, kind.strategy.isHeld?.(next) ?? false)) return REMOVE
    return isSame(next, old) ? old : next
  })
  if (changed.outcome === 'missing') return notThere(call)
  const code = request.verb === 'create' ? 201 : 200
  if (!action.respond) return answer(call, code, { ...SUCCESS, code })
  return answer(call, code, action.respond(changed.object))
}

const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } as const
