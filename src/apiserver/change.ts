/**
 * Changing a stored object: compute from what is there, write if it is still there, else compute again. Mirrors
 * `storage.Interface.GuaranteedUpdate`. The first try uses the watch cache; a refusal that may be due to stale data
 * is not believed until etcd itself was asked.
 */
import { deepEqual, type KubeObject } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import { assert, LIMITS, type Routine } from '../sim/index.ts'
import { type Call, type Core, refusal, refuse, statuses } from './core.ts'
import { ConversionNeeded } from './customresources/conversions.ts'
import { registryKey } from './keys.ts'
import type { Stored, WriteOutcome } from './store.ts'
import type { WatchCache } from './watch-cache.ts'

/** The answer of a change that removes the object. */
export const REMOVE = Symbol('remove')

/**
 * Pure: the object as it should be (itself: nothing to do), or {@link REMOVE}. The root and metadata of a changed
 * object are its own. Throws ApiError to refuse.
 */
export type Change = (current: KubeObject) => Wanted | Routine<Wanted>

export type Wanted = KubeObject | typeof REMOVE

export type Changed =
  | {
      readonly outcome: 'written' | 'unchanged' | 'removed'
      readonly object: KubeObject
      readonly old: KubeObject
    }
  | { readonly outcome: 'missing' }

export function* changeStored(core: Core, call: Call, cache: WatchCache, change: Change): Routine<Changed> {
  const { kind, namespace, name, options } = call.request
  const { strategy } = kind
  const entry = cache.get(namespace, name)
  const key = entry?.etcdKey ?? registryKey(cache.prefix, namespace, name)
  let isFresh = !core.cacher.isBehind
  let current: Stored | undefined = entry
  for (let attempt = 1; ; attempt++) {
    assert(attempt <= LIMITS.writeAttempts, `a write of ${key} succeeds in the end`)
    if (attempt > 1) core.counters.retries++
    if (!current && !isFresh) {
      current = yield* core.store.read(key)
      isFresh = true
    }
    if (!current) return { outcome: 'missing' }
    const stored: KubeObject = current.object
    const old: KubeObject = kind.conversion ? yield* core.conversions.served(kind, stored) : stored
    const revision: number = current.revision
    let next: Wanted
    try {
      const wanted = change(old)
      next = isRoutine(wanted) ? yield* wanted : wanted
    } catch (error) {
      if (error instanceof ConversionNeeded) {
        yield* core.conversions.learn(error)
        continue
      }
      if (isFresh) throw error
      current = undefined
      continue
    }
    if (next === old) {
      if (isFresh) return { outcome: 'unchanged', object: old, old }
      current = undefined
      continue
    }
    if (options.dryRun) {
      if (next === REMOVE) return { outcome: 'removed', object: old, old }
      strategy.afterFailure?.(next, old, core.context)
      return { outcome: 'written', object: next, old }
    }
    const { ttlSeconds } = kind
    const shared = ttlSeconds === undefined ? 0 : core.leases.shared(ttlSeconds)
    const lease: number = shared ?? (yield* core.leases.lease(ttlSeconds!))
    const written: KubeObject =
      next === REMOVE ? stored : kind.conversion ? yield* core.conversions.stored(kind, next) : next
    const outcome: WriteOutcome = yield next === REMOVE
      ? core.store.remove(key, stored, revision)
      : core.store.replace(key, written, revision, lease)
    if (outcome.ok) {
      if (next === REMOVE) strategy.afterDelete?.(old, core.context)
      else strategy.afterUpdate?.(outcome.object, old, core.context)
      if (next === REMOVE) return { outcome: 'removed', object: kind.conversion ? old : outcome.object, old }
      const object = kind.conversion ? yield* core.conversions.served(kind, outcome.object) : outcome.object
      return { outcome: 'written', object, old }
    }
    if (next !== REMOVE) strategy.afterFailure?.(next, old, core.context)
    if (outcome.refused) refuse(outcome.refused)
    current = outcome.current
    isFresh = true
  }
}

function isRoutine(wanted: Wanted | Routine<Wanted>): wanted is Routine<Wanted> {
  return typeof wanted === 'object' && Symbol.iterator in wanted
}

/** The 404 of a change whose object is not there. */
export function notThere(call: Call): ApiResult {
  return refusal(statuses.notFound(call.request.kind, call.request.name), call.warnings)
}

/** Whether two versions say the same; parts that are one value are not looked into. */
export function isSame(next: KubeObject, old: KubeObject): boolean {
  const [a, b] = [next as unknown as Record<string, unknown>, old as unknown as Record<string, unknown>]
  for (const field in a) {
    if (field === 'metadata') continue
    if (a[field] !== b[field] && !deepEqual(a[field], b[field])) return false
  }
  for (const field in b) if (!(field in a) && b[field] !== undefined) return false
  return deepEqual(next.metadata, old.metadata)
}

/** Whether an update has taken the last thing that kept a deleted object. */
export function isReleased(next: KubeObject, old: KubeObject, isHeld: boolean): boolean {
  if (next.metadata.deletionTimestamp === undefined || isHeld) return false
  if (next.metadata.finalizers && next.metadata.finalizers.length > 0) return false
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0
}
