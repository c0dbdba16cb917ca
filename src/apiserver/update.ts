/**
 * PUT and PATCH of an object and of its status. Mirrors `handlers.UpdateResource`, `handlers.PatchResource` and
 * `registry.Store.Update`.
 */
import { deepEqual, type KubeObject, type ObjectMeta } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { type Attributes, isRefusal } from './admission/plugin.ts'
import { checkAddress, decoded, objectIn } from './body.ts'
import { type Change, changeStored, isReleased, isSame, notThere, REMOVE } from './change.ts'
import { answer, type Call, type Core, refuse, statuses } from './core.ts'
import { storeNew } from './create.ts'
import { prefixOf, registryKey } from './keys.ts'
import { owned, updatedMetadata } from './metadata.ts'
import { patched } from './patch.ts'
import { checkStatusUpdate, checkUpdate } from './validation.ts'
import type { WatchCache } from './watch-cache.ts'

/** PUT. */
export function* updateObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { request } = call
  const { kind } = request
  const { strategy } = kind
  const given = objectIn(call)
  checkAddress(call, given)
  const object = withDefaults(call, given)
  let wanted = object
  const changed = yield* changeStored(core, call, cache, old => {
    checkVersion(call, object, old, strategy.allowsUnconditionalUpdate !== false)
    wanted = updated(core, call, object, old)
    return settled(call, wanted, old)
  })
  // Who took the last finalizer off sees the object as it was sent, not as it was last stored.
  if (changed.outcome === 'removed') return answer(call, 200, wanted)
  if (changed.outcome !== 'missing') return answer(call, 200, changed.object)
  if (!strategy.allowsCreateOnUpdate || request.subresource || given.metadata.resourceVersion) {
    return notThere(call)
  }
  return yield* storeNew(core, call, cache, {
    ...object,
    metadata: { ...object.metadata, name: request.name },
  })
}

/** PATCH: the change is worked out again on whatever is stored, so only a version in the patch can conflict. */
export function* patchObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  let wanted: KubeObject | undefined
  const change: Change = old => {
    call.warnings.length = 0
    const result = patched(call, old)
    if (result === old) return old
    const given = call.request.isFromWire ? decoded(call, result) : result
    checkAddress(call, given)
    const object = withDefaults(call, given)
    checkVersion(call, object, old, true)
    wanted = updated(core, call, object, old)
    return settled(call, wanted, old)
  }
  const changed = yield* changeStored(core, call, cache, change)
  if (changed.outcome === 'removed' && wanted) return answer(call, 200, wanted)
  return changed.outcome === 'missing' ? notThere(call) : answer(call, 200, changed.object)
}

/** A write of the status has no use for the defaults of the rest. */
function withDefaults({ request }: Call, given: KubeObject): KubeObject {
  if (request.subresource === 'status') return given
  return (request.kind.strategy.defaults?.(given) ?? given) as KubeObject
}

/** What `given` makes of `old`: through admission and the kind's rules. */
function updated(core: Core, call: Call, given: KubeObject, old: KubeObject): KubeObject {
  const { request } = call
  return request.subresource === 'status'
    ? withStatus(core, call, given, old)
    : withSpec(core, call, given, old)
}

/** What is to be stored: nothing once nothing holds a deleted object, the old object where nothing changed. */
function settled({ request }: Call, next: KubeObject, old: KubeObject): KubeObject | typeof REMOVE {
  const { strategy } = request.kind
  if (isReleased(next, old, strategy.isHeld?.(next) ?? false)) return REMOVE
  return isSame(next, old) ? old : next
}

function withSpec(core: Core, call: Call, given: KubeObject, old: KubeObject): KubeObject {
  const { kind, namespace, name, subresource } = call.request
  const { strategy } = kind
  const attributes: Attributes = {
    operation: 'UPDATE',
    kind,
    subresource,
    namespace,
    name,
    user: call.user,
    old,
  }
  const admitted = core.admission.admit(given, attributes)
  if (isRefusal(admitted)) return refuse(admitted.refused)
  const metadata = updatedMetadata(admitted.metadata, old.metadata)
  let next: KubeObject = { ...admitted, metadata }
  if (kind.hasStatus) keepStatus(next, old)
  if (metadata.generation !== undefined && isSpecChanged(next, old)) metadata.generation++
  next = owned(strategy.prepareForUpdate?.(next, old, core.context) ?? next)
  try {
    checkUpdate(kind, next, old)
    const refused = core.admission.validate(next, attributes)
    if (refused) refuse(refused.refused)
  } catch (error) {
    strategy.afterFailure?.(next, old, core.context)
    throw error
  }
  warn(call, next, old)
  return next
}

function withStatus(core: Core, call: Call, given: KubeObject, old: KubeObject): KubeObject {
  const { kind } = call.request
  const { status } = given as { status?: unknown }
  // As upstream, a status write takes annotations, finalizers and the like along; only the spec stays.
  const metadata: ObjectMeta =
    given.metadata === old.metadata ? { ...old.metadata } : updatedMetadata(given.metadata, old.metadata)
  let next = { ...old, metadata, status } as KubeObject
  next = owned(kind.strategy.prepareForStatusUpdate?.(next, old, core.context) ?? next)
  checkStatusUpdate(kind, next, old)
  warn(call, next, old)
  return next
}

function keepStatus(next: KubeObject, old: KubeObject): void {
  const [into, from] = [next as { status?: unknown }, old as { status?: unknown }]
  if (from.status !== undefined) into.status = from.status
  else delete into.status
}

function isSpecChanged(next: KubeObject, old: KubeObject): boolean {
  const [a, b] = [next as { spec?: unknown }, old as { spec?: unknown }]
  return a.spec !== b.spec && !deepEqual(a.spec, b.spec)
}

function warn(call: Call, next: KubeObject, old: KubeObject): void {
  const warnings = call.request.kind.strategy.warnings?.(next, old)
  if (warnings) for (const warning of warnings) call.warnings.push(warning)
}

/** Optimistic concurrency: a version or uid that the client names must be the stored one. Throws ApiError. */
export function checkVersion(
  call: Call,
  given: KubeObject,
  old: KubeObject,
  isUnconditionalFine: boolean,
): void {
  const { kind, name } = call.request
  const { resourceVersion, uid } = given.metadata
  if (uid && uid !== old.metadata.uid) {
    refuse(statuses.conflict(kind, name, otherUid(call, uid, old.metadata.uid)))
  }
  if (resourceVersion && resourceVersion !== '0') {
    if (resourceVersion !== old.metadata.resourceVersion) refuse(statuses.conflict(kind, name))
  } else if (!isUnconditionalFine) {
    const message = 'Invalid value: 0x0: must be specified for an update'
    const error = { reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message } as const
    refuse(statuses.invalid(kind, name, [error]))
  }
}

function otherUid(call: Call, wanted: string, stored: string): string {
  const { kind, namespace, name } = call.request
  const key = registryKey(prefixOf(kind), namespace, name)
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${stored}`
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`
}
