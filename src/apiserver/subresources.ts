/**
 * The actions a kind defines (`pods/binding`, `namespaces/finalize`), and those the server answers itself
 * (`pods/eviction`). Mirrors the subresource stores of `pkg/registry`.
 */
import type { KubeObject } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { objectIn } from './body.ts'
import { changeStored, isReleased, isSame, notThere, REMOVE, type Wanted } from './change.ts'
import { answer, type Call, type Core, CREATED, refuse, SUCCESS, statuses } from './core.ts'
import { getObject } from './list.ts'
import { copiedMetadata, owned, withMetadata } from './metadata.ts'
import { admitted, isAdmitted, kindOfBody } from './subresource-admission.ts'
import { connects, handlerOf } from './subresource-handlers/index.ts'
import { checkVersion, patchedObject } from './update.ts'
import type { WatchCache } from './watch-cache.ts'

/** A subresource that the kind defines itself. */
export function* performAction(core: Core, given: Call, cache: WatchCache): Routine<ApiResult> {
  let call = given
  const { request } = call
  const { kind } = request
  const action = kind.actions?.[request.subresource]
  const isChange = action?.verb === 'update' && action.apply !== undefined
  if (isChange && request.verb === 'get') return yield* getObject(core, call, cache)
  const isPatch = isChange && request.verb === 'patch'
  const isOpening = connects(kind, request.subresource, request.verb)
  if (!action || (action.verb !== request.verb && !isPatch && !isOpening)) {
    return refuse(statuses.methodNotAllowed(kind, request.verb))
  }
  if (request.verb === 'create' && !isOpening && isAdmitted(core, call, 'CREATE')) {
    const object = Object(request.body ?? {}) as KubeObject
    const bodyKind = kindOfBody(object, kind)
    const body = yield* admitted(core, call, { operation: 'CREATE', object, old: undefined, bodyKind })
    call = { ...call, request: { ...request, body } }
  }
  const { apply } = action
  if (!apply) return yield* handlerOf(kind, request.subresource)(core, call, cache)
  const changed = yield* changeStored(core, call, cache, old => {
    const body = isChange ? wholeBody(call, old) : call.request.body
    const acted = apply(old, body, core.context) as KubeObject
    if (acted === old) return old
    const kept = acted.metadata === old.metadata ? withMetadata(acted, copiedMetadata(old.metadata)) : acted
    const next = owned(isChange ? core.tracking.updated(call, kept, old) : kept)
    return isChange && isAdmitted(core, call, 'UPDATE')
      ? judged(core, call, next, old)
      : settled(call, next, old)
  })
  if (changed.outcome === 'missing') return notThere(call)
  const code = request.verb === 'create' ? 201 : 200
  if (!action.respond) return answer(call, code, code === 201 ? CREATED : SUCCESS)
  return answer(call, code, action.respond(changed.object))
}

/** The object that a PUT or PATCH sends, of the version that is stored. Throws ApiError. */
function wholeBody(call: Call, old: KubeObject): KubeObject {
  const body = call.request.verb === 'patch' ? patchedObject(call, old) : objectIn(call)
  checkVersion(call, body, old, true)
  return body
}

/** What is to be stored of a change that admission has a say in. */
function* judged(core: Core, call: Call, next: KubeObject, old: KubeObject): Routine<Wanted> {
  const object = yield* admitted(core, call, { operation: 'UPDATE', object: next, old })
  return settled(call, object, old)
}

function settled({ request }: Call, next: KubeObject, old: KubeObject): Wanted {
  if (isReleased(next, old, request.kind.strategy.isHeld?.(next) ?? false)) return REMOVE
  return isSame(next, old) ? old : next
}
