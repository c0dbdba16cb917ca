/**
 * How big each ReplicaSet of a Deployment should be: pure arithmetic, from ReplicaSets to sizes. Mirrors
 * `rolling.go`, `recreate.go` and `scale` of `sync.go`.
 */
import { DEPLOYMENT, type Deployment, type ReplicaSet } from '../../api/index.ts'
import {
  allOf,
  annotatedNumber,
  byAge,
  bySizeThenNewer,
  bySizeThenOlder,
  isRollingUpdate,
  maxSurge,
  maxUnavailable,
  type ReplicaSetsOf,
  specReplicas,
  sumOf,
  withReplicas,
} from './replica-sets.ts'

/** The sizes that should be written; those not named stay. */
export type Sizes = ReadonlyMap<ReplicaSet, number>

const NO_CHANGE: Sizes = new Map()

/** How big the current ReplicaSet may be now, given all pods there should be of others. */
export function currentSize(deployment: Deployment, size: number, allReplicas: number): number {
  const wanted = specReplicas(deployment)
  if (!isRollingUpdate(deployment)) return wanted
  const room = wanted + maxSurge(deployment) - allReplicas
  return room <= 0 ? size : size + Math.min(room, wanted - size)
}

/** The current ReplicaSet grows into the surge, or shrinks to what is wanted. */
export function resizeCurrent(deployment: Deployment, replicaSets: ReplicaSetsOf): Sizes {
  const { current } = replicaSets
  if (!current) return NO_CHANGE
  const [size, wanted] = [specReplicas(current), specReplicas(deployment)]
  const next = size > wanted ? wanted : currentSize(deployment, size, sumOf(allOf(replicaSets), specReplicas))
  return next === size ? NO_CHANGE : new Map([[current, next]])
}

/** Old ReplicaSets shrink: first by pods that are not available anyway, then by as many as availability allows. */
export function shrinkOld(deployment: Deployment, { current, old }: ReplicaSetsOf): Sizes {
  const sizes = new Map(
    withReplicas(old)
      .sort(byAge)
      .map(replicaSet => [replicaSet, specReplicas(replicaSet)]),
  )
  const all = [...sizes.keys(), ...(current ? [current] : [])]
  const minAvailable = specReplicas(deployment) - maxUnavailable(deployment)
  const currentUnavailable = current ? specReplicas(current) - available(current) : 0
  const expendable = sumOf(all, specReplicas) - minAvailable - currentUnavailable
  if (expendable <= 0 || sizes.size === 0) return NO_CHANGE

  let unhealthyLeft = expendable
  for (const [replicaSet, size] of sizes) {
    const unhealthy = Math.min(unhealthyLeft, Math.max(0, size - available(replicaSet)))
    sizes.set(replicaSet, size - unhealthy)
    unhealthyLeft -= unhealthy
  }
  let healthyLeft = Math.max(0, sumOf(all, available) - minAvailable)
  for (const [replicaSet, size] of sizes) {
    const healthy = Math.min(healthyLeft, size)
    sizes.set(replicaSet, size - healthy)
    healthyLeft -= healthy
  }
  return changed(sizes)
}

/** Recreate: every old ReplicaSet goes to 0 at once. */
export function emptyOld({ old }: ReplicaSetsOf): Sizes {
  return new Map(withReplicas(old).map(replicaSet => [replicaSet, 0]))
}

/** True when `spec.replicas` changed since the ReplicaSets were last sized. */
export function isScalingEvent(deployment: Deployment, replicaSets: ReplicaSetsOf): boolean {
  return withReplicas(allOf(replicaSets)).some(replicaSet => {
    const desired = annotatedNumber(replicaSet, DEPLOYMENT.desiredReplicasAnnotation)
    return desired !== undefined && desired !== specReplicas(deployment)
  })
}

/**
 * A Deployment was resized. With one active ReplicaSet that one follows; in the middle of a rollout all are
 * resized in proportion, so that a bad version does not get all new pods. Sizes that stay are named too where
 * their annotations must be brought up to date.
 */
export function scale(deployment: Deployment, replicaSets: ReplicaSetsOf): Sizes {
  const only = activeOrLatest(replicaSets)
  if (only) {
    const wanted = specReplicas(deployment)
    return specReplicas(only) === wanted ? NO_CHANGE : new Map([[only, wanted]])
  }
  if (isSaturated(deployment, replicaSets.current)) return emptyOld(replicaSets)
  return isRollingUpdate(deployment) ? inProportion(deployment, replicaSets) : NO_CHANGE
}

function activeOrLatest(replicaSets: ReplicaSetsOf): ReplicaSet | undefined {
  const active = withReplicas(allOf(replicaSets))
  if (active.length > 1) return undefined
  return active[0] ?? replicaSets.current ?? [...replicaSets.old].sort(byAge).at(-1)
}

/** The current ReplicaSet is complete: old ones are left over. */
function isSaturated(deployment: Deployment, current: ReplicaSet | undefined): boolean {
  if (!current) return false
  const wanted = specReplicas(deployment)
  return (
    specReplicas(current) === wanted &&
    annotatedNumber(current, DEPLOYMENT.desiredReplicasAnnotation) === wanted &&
    available(current) === wanted
  )
}

function inProportion(deployment: Deployment, replicaSets: ReplicaSetsOf): Sizes {
  const wanted = specReplicas(deployment)
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0
  const active = withReplicas(allOf(replicaSets))
  const toAdd = allowed - sumOf(active, specReplicas)
  active.sort(toAdd > 0 ? bySizeThenNewer : bySizeThenOlder)
  const sizes = new Map<ReplicaSet, number>()
  let added = 0
  for (const replicaSet of active) {
    const share = toAdd === added ? 0 : proportion(deployment, replicaSet, toAdd, added)
    sizes.set(replicaSet, specReplicas(replicaSet) + share)
    added += share
  }
  const [largest] = active
  if (largest) sizes.set(largest, Math.max(0, sizes.get(largest)! + toAdd - added))
  return sizes
}

/** A ReplicaSet's share of `toAdd`, in proportion to its size before, bounded by what is left to add. */
function proportion(deployment: Deployment, replicaSet: ReplicaSet, toAdd: number, added: number): number {
  const share = shareOf(deployment, replicaSet)
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added)
}

function shareOf(deployment: Deployment, replicaSet: ReplicaSet): number {
  const size = specReplicas(replicaSet)
  if (specReplicas(deployment) === 0) return -size
  const allowed = specReplicas(deployment) + maxSurge(deployment)
  const allowedBefore =
    annotatedNumber(replicaSet, DEPLOYMENT.maxReplicasAnnotation) || (deployment.status.replicas ?? 0)
  return allowedBefore === 0 ? 0 : Math.round((size * allowed) / allowedBefore) - size
}

function available(replicaSet: ReplicaSet): number {
  return replicaSet.status.availableReplicas ?? 0
}

function changed(sizes: Sizes): Sizes {
  return new Map([...sizes].filter(([replicaSet, size]) => size !== specReplicas(replicaSet)))
}
