/** The scale subresource: one size for every kind that has one. Mirrors the ScaleREST stores of `pkg/registry`. */
import type { KubeObject, ScaleMapping } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { changeStored, notThere, type Wanted } from './change.ts'
import { answer, type Call, type Core, refuse, statuses } from './core.ts'
import { patched } from './patch.ts'
import { admitted, isAdmitted } from './subresource-admission.ts'
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
    return isAdmitted(core, call, 'UPDATE') ? judged(scale, old, current) : scaled(scale, old)
  })
  if (changed.outcome === 'missing') return notThere(call)
  return answer(call, 200, scaleOf(mapping, changed.object))

  function* judged(scale: Scale, old: KubeObject, current: Scale): Routine<Wanted> {
    const question = { operation: 'UPDATE', object: scale, old: current, bodyKind: SCALE_KIND } as const
    return scaled((yield* admitted(core, call, question)) as Scale, old)
  }

  function scaled(scale: Scale, old: KubeObject): KubeObject {
    const replicas = scale.spec?.replicas ?? 0
    if (replicas < 0) refuse(statuses.invalid(SCALE, request.name, [negative(replicas)]))
    if (replicas === mapping.specReplicas(old as never)) return old
    const resized = mapping.withSpecReplicas(old as never, replicas) as KubeObject
    const metadata = { ...old.metadata }
    if (metadata.generation !== undefined) metadata.generation++
    const next = core.tracking.updated(call, { ...resized, metadata }, old)
    checkUpdate(kind, next, old)
    return next
  }
}

const SCALE_KIND = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const

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
