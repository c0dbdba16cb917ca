/** Sums and orders over a Deployment's ReplicaSets, and its strategy's numbers. */
import { DEPLOYMENT, type Deployment, type ReplicaSet, scaledValue } from '../../api/index.ts'

/** A Deployment's ReplicaSets: the one with its present template, and all others. */
export interface ReplicaSetsOf {
  readonly current: ReplicaSet | undefined
  readonly old: readonly ReplicaSet[]
}

/** Old ones first, as upstream lists them. */
export function allOf({ current, old }: ReplicaSetsOf): readonly ReplicaSet[] {
  return current ? [...old, current] : old
}

export function specReplicas(object: Deployment | ReplicaSet): number {
  return object.spec.replicas ?? 1
}

export function sumOf(replicaSets: readonly ReplicaSet[], count: (replicaSet: ReplicaSet) => number): number {
  return replicaSets.reduce((sum, replicaSet) => sum + count(replicaSet), 0)
}

/** Those that should have pods. */
export function withReplicas(replicaSets: readonly ReplicaSet[]): ReplicaSet[] {
  return replicaSets.filter(replicaSet => specReplicas(replicaSet) > 0)
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== 'Recreate'
}

/** Pods above `replicas` while rolling; 0 for Recreate. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0
}

/** Pods below `replicas` that are tolerated; 0 for Recreate. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = specReplicas(deployment)
  return isRollingUpdate(deployment) ? Math.min(fenceposts(deployment).unavailable, replicas) : 0
}

/** Surge is rounded up, unavailability down; they are never both 0, or nothing would ever move. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const rolling = deployment.spec.strategy?.rollingUpdate
  const replicas = specReplicas(deployment)
  const surge = scaledValue(rolling?.maxSurge ?? '25%', replicas, 'up')
  const unavailable = scaledValue(rolling?.maxUnavailable ?? '25%', replicas, 'down')
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

/** A whole number in an annotation; undefined when absent or unusable. */
export function annotatedNumber(replicaSet: ReplicaSet, annotation: string): number | undefined {
  const text = replicaSet.metadata.annotations?.[annotation]
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}

/** 0 when it has none. */
export function revisionOf(replicaSet: ReplicaSet): number {
  return annotatedNumber(replicaSet, DEPLOYMENT.revisionAnnotation) ?? 0
}

export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compare(a.metadata.name, b.metadata.name)
  )
}

export function bySizeThenOlder(a: ReplicaSet, b: ReplicaSet): number {
  return specReplicas(b) - specReplicas(a) || byAge(a, b)
}

export function bySizeThenNewer(a: ReplicaSet, b: ReplicaSet): number {
  return specReplicas(b) - specReplicas(a) || byAge(b, a)
}

export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  return revisionOf(a) - revisionOf(b) || byAge(a, b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
