/** A StatefulSet's status. Mirrors `computeReplicaStatus` and `completeRollingUpdate`. */
import type { StatefulSetStatus } from 'kubernetes-types/apps/v1.js'
import { deepEqual, type Pod, type StatefulSet, StatefulSets } from '../../api/index.ts'
import type { Intent, View } from '../../client/index.ts'
import { isPodAvailable, isPodReady } from '../shared/pod-state.ts'
import { revisionOf } from './identity.ts'

/** The names of the two revisions that pods may be of. */
export interface Revisions {
  readonly current: string
  readonly update: string
  readonly collisionCount: number
}

function isRunningAndReady(pod: Pod): boolean {
  return pod.status.phase === 'Running' && isPodReady(pod)
}

export function isRunningAndAvailable(set: StatefulSet, pod: Pod, view: View): boolean {
  return isRunningAndReady(pod) && isPodAvailable(pod, set.spec.minReadySeconds ?? 0, view.nowMs)
}

/** The write that brings the status up to date; none when it is. */
export function statusUpdate(set: StatefulSet, status: StatefulSetStatus): Intent[] {
  const complete = withCompletedUpdate(set, status)
  if (deepEqual(complete, set.status)) return []
  return [
    {
      do: 'update',
      kind: StatefulSets,
      object: { ...set, status: complete } as StatefulSet,
      subresource: 'status',
    },
  ]
}

export function statusOf(
  set: StatefulSet,
  revisions: Revisions,
  pods: readonly Pod[],
  view: View,
): StatefulSetStatus {
  const created = pods.filter(pod => pod.status.phase !== undefined)
  const staying = created.filter(pod => !pod.metadata.deletionTimestamp)
  const status: StatefulSetStatus = {
    replicas: created.length,
    availableReplicas: pods.filter(pod => isRunningAndAvailable(set, pod, view)).length,
    collisionCount: revisions.collisionCount,
    currentRevision: revisions.current,
    updateRevision: revisions.update,
  }
  if (set.metadata.generation) status.observedGeneration = set.metadata.generation
  setCount(status, 'readyReplicas', pods.filter(isRunningAndReady).length)
  setCount(status, 'currentReplicas', staying.filter(pod => revisionOf(pod) === revisions.current).length)
  setCount(status, 'updatedReplicas', staying.filter(pod => revisionOf(pod) === revisions.update).length)
  if (set.status.conditions) status.conditions = set.status.conditions
  return status
}

/** One replica fewer is of the current revision. */
export function withOneCurrentLess(status: StatefulSetStatus): StatefulSetStatus {
  const { currentReplicas = 0, ...rest } = status
  return currentReplicas > 1 ? { ...rest, currentReplicas: currentReplicas - 1 } : rest
}

/** When all replicas are updated and ready, the update revision becomes the current one. */
function withCompletedUpdate(set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const updated = status.updatedReplicas ?? 0
  const isComplete =
    set.spec.updateStrategy?.type !== 'OnDelete' &&
    updated === status.replicas &&
    (status.readyReplicas ?? 0) === status.replicas
  if (!isComplete) return status
  const complete: StatefulSetStatus = { ...status, currentRevision: status.updateRevision }
  setCount(complete, 'currentReplicas', updated)
  return complete
}

/** Zero counts are left out, as Go does. */
function setCount(
  status: StatefulSetStatus,
  field: 'readyReplicas' | 'currentReplicas' | 'updatedReplicas',
  count: number,
): void {
  if (count > 0) status[field] = count
  else delete status[field]
}
