/**
 * PUT and PATCH of an object and of its status. Mirrors `handlers.UpdateResource`, `handlers.PatchResource` and
 * `registry.Store.Update`.
 */
import { deepEqual, field, type KubeObject, type ObjectMeta, type Status } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { type Attributes, isRefusal } from './admission/plugin.ts'
import { asStored, checkAddress, decoded, objectIn } from './body.ts'
import { type Change, changeStored, isReleased, isSame, notThere, REMOVE, type Wanted } from './change.ts'
import { answer, type Call, type Core, refuse, statuses } from './core.ts'
import { judgeWaiting, storeAbsent } from './create.ts'
import { asServed } from './field-tracking.ts'
import { prefixOf, registryKey } from './keys.ts'
import { copiedMetadata, owned, updatedMetadata, withMetadata, withStatus } from './metadata.ts'
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
    return settled(call, updated(core, call, object, old), old, next => {
      wanted = next
    })
  })
  // Who took the last finalizer off sees the object as it was sent, not as it was last stored.
  if (changed.outcome === 'removed') return answer(call, 200, wanted)
  if (changed.outcome !== 'missing') return answer(call, 200, changed.object)
  if (!strategy.allowsCreateOnUpdate || request.subresource || given.metadata.resourceVersion) {
    return notThere(call)
  }
  return yield* storeAbsent(core, call, cache, object)
}

/** PATCH: the change is worked out again on whatever is stored, so only a version in the patch can conflict. */
export function* patchObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  checkPatchOptions(call)
  const warned = call.warnings.length
  let wanted: KubeObject | undefined
  const change: Change = old => {
    call.warnings.length = warned
    const { options } = call.request
    const given = options.patchType === 'apply' ? core.tracking.applied(call, old) : patchedObject(call, old)
    if (given === old) return old
    checkAddress(call, given)
    const object = withDefaults(call, given)
    checkVersion(call, object, old, true)
    return settled(call, updated(core, call, object, old), old, next => {
      wanted = next
    })
  }
  const changed = yield* changeStored(core, call, cache, change)
  if (changed.outcome === 'removed' && wanted) return answer(call, 200, wanted)
  if (changed.outcome !== 'missing') return answer(call, 200, changed.object)
  const { options, subresource } = call.request
  if (options.patchType !== 'apply' || subresource !== '') return notThere(call)
  const given = core.tracking.applied(call, undefined)
  checkAddress(call, given)
  if (given.metadata.uid) return refuse(goneBy(call))
  return yield* storeAbsent(core, call, cache, withDefaults(call, given))
}

/** Throws ApiError 422 for an apply without a manager, and for force without an apply. */
function checkPatchOptions({ request: { options, isFromWire } }: Call): void {
  const isApply = options.patchType === 'apply'
  if (isApply && !options.fieldManager && isFromWire) {
    refuse(
      statuses.invalid(PATCH_OPTIONS, '', [field.required('fieldManager', 'is required for apply patch')]),
    )
  }
  if (!isApply && options.force !== undefined) {
    const error = field.fieldForbidden('force', 'may not be specified for non-apply patch')
    refuse(statuses.invalid(PATCH_OPTIONS, '', [error]))
  }
}

const PATCH_OPTIONS = { group: 'meta.k8s.io', plural: 'patchoptions', kind: 'PatchOptions' }

/** As upstream: who applies with a uid means an object that was there. */
function goneBy({ request: { kind, name } }: Call): Status {
  const message = 'uid mismatch: the provided object specified uid, and no existing object was found'
  return statuses.conflict(kind, name, message)
}

/** The stored form of what a patch that is no apply makes of `old`; `old` itself when that is the same. */
export function patchedObject(call: Call, old: KubeObject): KubeObject {
  const seen = asServed(call, old)
  const result = patched(call, seen)
  if (result === seen) return old
  return asStored(call, call.request.isFromWire ? decoded(call, result) : result)
}

/** A write of the status has no use for the defaults of the rest. */
function withDefaults({ request }: Call, given: KubeObject): KubeObject {
  if (request.subresource === 'status') return given
  return (request.kind.strategy.defaults?.(given) ?? given) as KubeObject
}

/** What `given` makes of `old`: through admission and the kind's rules. */
function updated(
  core: Core,
  call: Call,
  given: KubeObject,
  old: KubeObject,
): KubeObject | Routine<KubeObject> {
  const { request } = call
  const tracked = core.tracking.updated(call, given, old)
  return request.subresource === 'status'
    ? storedStatus(core, call, tracked, old)
    : withSpec(core, call, tracked, old)
}

/** What is to be stored: nothing once nothing holds a deleted object, the old object where nothing changed. */
function settled(
  call: Call,
  updated: KubeObject | Routine<KubeObject>,
  old: KubeObject,
  see: (next: KubeObject) => void,
): Wanted | Routine<Wanted> {
  if (Symbol.iterator in updated) return settledLater(call, updated, old, see)
  see(updated)
  return settledNow(call, updated, old)
}

function* settledLater(
  call: Call,
  updated: Routine<KubeObject>,
  old: KubeObject,
  see: (next: KubeObject) => void,
): Routine<Wanted> {
  const next = yield* updated
  see(next)
  return settledNow(call, next, old)
}

function settledNow({ request }: Call, next: KubeObject, old: KubeObject): Wanted {
  const { strategy } = request.kind
  if (isReleased(next, old, strategy.isHeld?.(next) ?? false)) return REMOVE
  return isSame(next, old) ? old : next
}

function withSpec(
  core: Core,
  call: Call,
  given: KubeObject,
  old: KubeObject,
): KubeObject | Routine<KubeObject> {
  const attributes = attributesOf(call, old)
  const admitted = core.admission.admit(given, attributes)
  if (isRefusal(admitted)) return refuse(admitted.refused)
  if (core.admission.waits(attributes)) return withSpecLater(core, call, admitted, attributes)
  return completed(core, call, admitted, attributes)
}

function* withSpecLater(
  core: Core,
  call: Call,
  given: KubeObject,
  attributes: Attributes,
): Routine<KubeObject> {
  const admitted = yield* core.admission.admitWaiting(given, attributes, core)
  const next = completed(core, call, admitted, attributes)
  yield* judgeWaiting(core, next, attributes.old, attributes)
  return next
}

function attributesOf(call: Call, old: KubeObject): Attributes {
  const { kind, namespace, name, subresource, options } = call.request
  return {
    operation: 'UPDATE',
    kind,
    subresource,
    namespace,
    name,
    user: call.user,
    old,
    isDryRun: options.dryRun === true,
    warnings: call.warnings,
  }
}

/** The object as it will be stored. Throws ApiError when it may not be. */
function completed(core: Core, call: Call, admitted: KubeObject, attributes: Attributes): KubeObject {
  const { kind } = call.request
  const { strategy } = kind
  const old = attributes.old!
  const metadata = updatedMetadata(admitted.metadata, old.metadata)
  let next = withMetadata(admitted, metadata)
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

function storedStatus(
  core: Core,
  call: Call,
  given: KubeObject,
  old: KubeObject,
): KubeObject | Routine<KubeObject> {
  if (!core.admission.handles(call.request.kind, 'UPDATE', 'status')) {
    return completedStatus(core, call, given, old)
  }
  const attributes = attributesOf(call, old)
  const admitted = core.admission.admit(given, attributes)
  if (isRefusal(admitted)) return refuse(admitted.refused)
  if (core.admission.waits(attributes)) return storedStatusLater(core, call, admitted, attributes)
  const next = completedStatus(core, call, admitted, old)
  const refused = core.admission.validate(next, attributes)
  return refused ? refuse(refused.refused) : next
}

function* storedStatusLater(
  core: Core,
  call: Call,
  given: KubeObject,
  attributes: Attributes,
): Routine<KubeObject> {
  const admitted = yield* core.admission.admitWaiting(given, attributes, core)
  const next = completedStatus(core, call, admitted, attributes.old!)
  const refused = core.admission.validate(next, attributes)
  if (refused) return refuse(refused.refused)
  yield* core.admission.validateWaiting(next, attributes, core)
  return next
}

function completedStatus(core: Core, call: Call, given: KubeObject, old: KubeObject): KubeObject {
  const { kind } = call.request
  const { status } = given as { status?: unknown }
  // As upstream, a status write takes annotations, finalizers and the like along; only the spec stays.
  const metadata: ObjectMeta =
    given.metadata === old.metadata
      ? copiedMetadata(old.metadata)
      : updatedMetadata(given.metadata, old.metadata)
  let next = withStatus(old, metadata, status)
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
