/**
 * Scale, and the actions a kind defines (`pods/binding`, `namespaces/finalize`). Mirrors the ScaleREST and the
 * other subresource stores of `pkg/registry`.
 */
import type { KubeObject, ScaleMapping } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { changeStored, isReleased, isSame, notThere, REMOVE } from './change.ts'
import { answer, type Call, type Core, refuse, statuses } from './core.ts'
import { owned } from './metadata.ts'
import { patched } from './patch.ts'
import { handlerOf } from './subresource-handlers/index.ts'
import { checkVersion } from './update.ts'
import { checkUpdate } from './validation.ts'
import type { WatchCache } from './watch-cache.ts'

/** `autoscaling/v1` Scale. */
interface Scale extends KubeObject {
  spec: { replicas?: number }
  status: { replicas: number; selector?: string }
}

/** The Scale of a stored object. */
export function scaleOf(mapping: ScaleMapping<never>, object: KubeObject): Scale {
  const subject = object as never
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = mapping.selector(subject)
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: mapping.specReplicas(subject) },
    status: { replicas: mapping.statusReplicas(subject), ...(selector && { selector }) },
  }
}

/** PUT or PATCH of the scale subresource. */
export function* changeScale(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { request } = call
  const { kind } = request
  const mapping = kind.scale as ScaleMapping<never>
  const changed = yield* changeStored(core, call, cache, old => {
    const current = scaleOf(mapping, old)
    const scale = request.verb === 'patch' ? (patched(call, current) as Scale) : scaleIn(call)
    checkVersion(call, scale, old, true)
    const replicas = scale.spec?.replicas ?? 0
    if (replicas < 0) refuse(statuses.invalid(SCALE, request.name, [negative(replicas)]))
    if (replicas === current.spec.replicas) return old
    const scaled = mapping.withSpecReplicas(old as never, replicas) as KubeObject
    const metadata = { ...old.metadata }
    if (metadata.generation !== undefined) metadata.generation++
    const next = core.tracking.updated(call, { ...scaled, metadata }, old)
    checkUpdate(kind, next, old)
    return next
  })
  if (changed.outcome === 'missing') return notThere(call)
  return answer(call, 200, scaleOf(mapping, changed.object))
}

const SCALE = { group: 'autoscaling', plural: 'scales', kind: 'Scale' }

function scaleIn(call: Call): Scale {
  const body = call.request.body as Scale | undefined
  if (typeof body !== 'object' || body === null || typeof body.metadata !== 'object') {
    return refuse(statuses.badRequest('the body of the request is no Scale'))
  }
  return body
}

function negative(replicas: number) {
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
  return { reason: 'FieldValueInvalid', field: 'spec.replicas', message } as const
}

/** A subresource that the kind defines itself. */
export function* performAction(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { request } = call
  const { kind } = request
  const action = kind.actions?.[request.subresource]
  if (!action || action.verb !== request.verb) {
    return refuse(statuses.methodNotAllowed(kind, request.verb))
  }
  const { apply } = action
  if (!apply) return yield* handlerOf(kind, request.subresource)(core, call, cache)
  const changed = yield* changeStored(core, call, cache, old => {
    const acted = apply(old, request.body, core.context) as KubeObject
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
