/**
 * DELETE of one object or many: at once, gracefully, or as soon as its finalizers let it go. Mirrors
 * `rest.BeforeDelete` and `registry.Store.Delete`. Where it differs: cutting a grace period to 0 removes the object
 * in one write, where upstream first stores the 0 and then removes it.
 */
import { type KubeObject, NAMES, type ObjectMeta } from '../api/index.ts'
import type { ApiResult, RequestOptions } from '../client/index.ts'
import { formatTime, type Routine } from '../sim/index.ts'
import type { Attributes } from './admission/plugin.ts'
import { changeStored, notThere, REMOVE } from './change.ts'
import { answer, type Call, type Core, refuse, statuses, success } from './core.ts'
import { listObjects } from './list.ts'
import { copiedMetadata, type DraftMeta, withMetadata } from './metadata.ts'
import type { WatchCache } from './watch-cache.ts'

export function* deleteObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  yield* admitDeletion(core, call, cache)
  return yield* deleteAdmitted(core, call, cache)
}

function* admitDeletion(core: Core, call: Call, cache: WatchCache): Routine<void> {
  const { kind, namespace, name, options } = call.request
  const stored = cache.get(namespace, name)?.object
  const attributes: Attributes = {
    operation: 'DELETE',
    kind,
    subresource: '',
    namespace,
    name,
    user: call.user,
    old: stored && kind.conversion ? yield* core.conversions.served(kind, stored) : stored,
    isDryRun: options.dryRun === true,
    warnings: call.warnings,
  }
  const refused = core.admission.admitDelete(attributes)
  if (refused) refuse(refused.refused)
  if (core.admission.waits(attributes)) {
    yield* core.admission.admitWaiting(undefined, attributes, core)
    yield* core.admission.validateWaiting(undefined, attributes, core)
  }
}

/** Deletes what admission has let go. */
export function* deleteAdmitted(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { kind, options } = call.request
  const changed = yield* changeStored(core, call, cache, old => {
    checkPreconditions(call, old)
    return deleting(core, call, old)
  })
  if (changed.outcome === 'missing') return notThere(call)
  if (changed.outcome !== 'removed') {
    return answer(call, options.propagationPolicy === 'Foreground' ? 202 : 200, changed.object)
  }
  const isShown = kind.strategy.gracePeriodSeconds !== undefined
  return answer(call, 200, isShown ? changed.object : success(kind, changed.object))
}

/** Deletes what a list with the same selectors would show, one after another; answers that list. */
export function* deleteCollection(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { request } = call
  const listed = yield* listObjects(core, call, cache)
  if (!listed.ok) return listed
  for (const item of (listed.object as unknown as { items: KubeObject[] }).items) {
    const { namespace = '', name } = item.metadata
    const one = { ...call, request: { ...request, namespace, name } }
    const result = yield* deleteObject(core, one, cache)
    if (!result.ok && result.code !== 404) return result
  }
  return listed
}

function checkPreconditions(call: Call, old: KubeObject): void {
  const { kind, name, options } = call.request
  const { uid, resourceVersion } = options.preconditions ?? {}
  if (uid !== undefined && uid !== old.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`
    refuse(statuses.conflict(kind, name, why))
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`
    refuse(statuses.conflict(kind, name, why))
  }
}

/** What the deletion makes of the object: gone, on its way, or as it was when it is on its way already. */
function deleting(core: Core, call: Call, old: KubeObject): KubeObject | typeof REMOVE {
  const { kind, options } = call.request
  const { strategy } = kind
  const metadata = copiedMetadata(old.metadata)
  const grace = graceOf(call, old)
  if (grace === 'pending') return old
  if (grace > 0 || old.metadata.deletionGracePeriodSeconds)
    beginGrace(metadata, old.metadata, grace, core.context.nowMs)
  const hasNewFinalizers = setFinalizers(metadata, options, strategy.defaultPropagation)
  const isHeld = (metadata.finalizers?.length ?? 0) > 0 || (strategy.isHeld?.(old) ?? false)
  if (grace === 0) {
    if (!isHeld) return REMOVE
    if (old.metadata.deletionTimestamp !== undefined && !hasNewFinalizers) {
      if (!old.metadata.deletionGracePeriodSeconds) return old
    }
    markDeleting(metadata, core.context.timestamp)
    // Namespaces have a deletion of their own upstream, which knows no grace.
    if (strategy.isHeld) delete metadata.deletionGracePeriodSeconds
  }
  const next = withMetadata(old, metadata)
  if (old.metadata.deletionTimestamp !== undefined) return next
  const begun = strategy.beginDelete?.(next, core.context) ?? next
  return begun === next ? next : withMetadata(begun, copiedMetadata(begun.metadata))
}

/** Seconds the object still has; `pending` when a deletion is under way that this one does not shorten. */
function graceOf(call: Call, old: KubeObject): number | 'pending' {
  const { kind, options } = call.request
  const { deletionTimestamp, deletionGracePeriodSeconds: present } = old.metadata
  if (!kind.strategy.gracePeriodSeconds) return 0
  if (deletionTimestamp === undefined) {
    return kind.strategy.gracePeriodSeconds(old, options.gracePeriodSeconds)
  }
  if (!present) return 0
  const wanted = options.gracePeriodSeconds
  return wanted === undefined || wanted >= present ? 'pending' : wanted
}

function beginGrace(metadata: DraftMeta, old: ObjectMeta, graceSeconds: number, nowMs: number): void {
  const startMs =
    old.deletionTimestamp === undefined
      ? nowMs
      : Date.parse(old.deletionTimestamp) - (old.deletionGracePeriodSeconds ?? 0) * 1000
  metadata.deletionTimestamp = formatTime(startMs + graceSeconds * 1000)
  metadata.deletionGracePeriodSeconds = graceSeconds
  if (old.deletionTimestamp === undefined && metadata.generation) metadata.generation++
}

/** A deletion that has no grace but must wait for finalizers. */
function markDeleting(metadata: DraftMeta, timestamp: string): void {
  if (metadata.deletionTimestamp === undefined) {
    metadata.deletionTimestamp = timestamp
    if (metadata.generation) metadata.generation++
  }
  metadata.deletionGracePeriodSeconds = 0
}

/**
 * Puts the garbage collector's finalizers as the policy says: what is asked for, else what the object bears, else
 * the kind's default. True when they changed.
 */
function setFinalizers(
  metadata: DraftMeta,
  { propagationPolicy }: RequestOptions,
  standard: 'Background' | 'Orphan' | undefined,
): boolean {
  const present = metadata.finalizers ?? []
  const { foregroundFinalizer: foreground, orphanFinalizer: orphan } = NAMES
  const hasOrphan = present.includes(orphan)
  const hasForeground = present.includes(foreground)
  const isSilent = propagationPolicy === undefined
  const wantsOrphan =
    propagationPolicy === 'Orphan' || (isSilent && (hasOrphan || (!hasForeground && standard === 'Orphan')))
  const wantsForeground = propagationPolicy === 'Foreground' || (isSilent && hasForeground)
  if (wantsOrphan === hasOrphan && wantsForeground === hasForeground) return false
  const finalizers = present.filter(name => name !== orphan && name !== foreground)
  if (wantsOrphan) finalizers.push(orphan)
  if (wantsForeground) finalizers.push(foreground)
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
  return true
}
