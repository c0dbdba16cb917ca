/** A Deployment's status, summed up from its ReplicaSets'. Mirrors `calculateStatus` of `sync.go`. */
import type { DeploymentStatus } from 'kubernetes-types/apps/v1.js'
import { type Deployment, Deployments, deepEqual, type ReplicaSet } from '../../api/index.ts'
import type { Intent } from '../../client/index.ts'
import { availability, withCondition } from './conditions.ts'
import { allOf, type ReplicaSetsOf, specReplicas, sumOf } from './replica-sets.ts'

/** Counts and availability, without a judgement on progress. */
export function plainStatus(
  deployment: Deployment,
  replicaSets: ReplicaSetsOf,
  timestamp: string,
): DeploymentStatus {
  const all = allOf(replicaSets)
  const available = sumOf(all, replicaSet => replicaSet.status.availableReplicas ?? 0)
  const status: DeploymentStatus = {}
  const set = (field: CountField, count: number) => {
    if (count > 0) status[field] = count
  }
  set('observedGeneration', deployment.metadata.generation ?? 0)
  set('replicas', sumOf(all, actual))
  set('updatedReplicas', replicaSets.current ? actual(replicaSets.current) : 0)
  set(
    'readyReplicas',
    sumOf(all, replicaSet => replicaSet.status.readyReplicas ?? 0),
  )
  set('availableReplicas', available)
  set('unavailableReplicas', sumOf(all, specReplicas) - available)
  const { collisionCount, conditions = [] } = deployment.status
  if (collisionCount !== undefined) status.collisionCount = collisionCount
  status.conditions = withCondition(conditions, 'Available', availability(deployment, available), timestamp)
  return status
}

type CountField =
  | 'observedGeneration'
  | 'replicas'
  | 'updatedReplicas'
  | 'readyReplicas'
  | 'availableReplicas'
  | 'unavailableReplicas'

function actual(replicaSet: ReplicaSet): number {
  return replicaSet.status.replicas
}

/** The write of a status, with annotations where those change along; none when nothing would change. */
export function statusWrite(
  deployment: Deployment,
  status: DeploymentStatus,
  annotations: Readonly<Record<string, string>> = {},
): Intent[] {
  const before = deployment.metadata.annotations
  const hasAnnotations = Object.keys(annotations).every(name => annotations[name] === before?.[name])
  if (hasAnnotations && deepEqual(status, deployment.status)) return []
  const metadata = hasAnnotations
    ? deployment.metadata
    : { ...deployment.metadata, annotations: { ...before, ...annotations } }
  const object: Deployment = { ...deployment, metadata, status }
  return [{ do: 'update', kind: Deployments, object, subresource: 'status' }]
}
