/** A ReplicaSet's status; mirrors `pkg/controller/replicaset/replica_set_utils.go`. */
import type { ReplicaSetCondition, ReplicaSetStatus } from 'kubernetes-types/apps/v1.js'
import { type AnyKind, deepEqual, type KubeObject, type ReplicaSet } from '../../api/index.ts'
import type { Intent } from '../../client/index.ts'
import type { Census } from './census.ts'

/** A kind that keeps a number of pods. */
export interface Owners {
  readonly kind: AnyKind
  /** The object to be written, in the kind's own terms. */
  withStatus(replicaSet: ReplicaSet, status: ReplicaSetStatus): KubeObject
}

/** Why pods could not be created or deleted. */
export interface Failure {
  readonly reason: 'FailedCreate' | 'FailedDelete'
  readonly message: string
}

/** The write that brings the status up to date; none when it is. */
export function statusUpdate(
  owners: Owners,
  replicaSet: ReplicaSet,
  census: Census,
  timestamp: string,
  failure?: Failure,
): Intent[] {
  const status = statusOf(replicaSet, census, timestamp, failure)
  if (deepEqual(status, replicaSet.status)) return []
  return [
    {
      do: 'update',
      kind: owners.kind,
      object: owners.withStatus(replicaSet, status),
      subresource: 'status',
    },
  ]
}

function statusOf(
  replicaSet: ReplicaSet,
  census: Census,
  timestamp: string,
  failure: Failure | undefined,
): ReplicaSetStatus {
  const status: ReplicaSetStatus = { replicas: census.active }
  if (census.fullyLabeled > 0) status.fullyLabeledReplicas = census.fullyLabeled
  if (census.ready > 0) status.readyReplicas = census.ready
  if (census.available > 0) status.availableReplicas = census.available
  if (replicaSet.metadata.generation) status.observedGeneration = replicaSet.metadata.generation
  const conditions = conditionsOf(replicaSet.status.conditions ?? [], timestamp, failure)
  if (conditions.length > 0) status.conditions = conditions
  return status
}

/** ReplicaFailure appears with the first failure, keeps its words while failures go on, and goes with them. */
function conditionsOf(
  old: readonly ReplicaSetCondition[],
  timestamp: string,
  failure: Failure | undefined,
): ReplicaSetCondition[] {
  const others = old.filter(condition => condition.type !== 'ReplicaFailure')
  if (!failure) return others
  if (others.length < old.length) return [...old]
  return [...others, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp, ...failure }]
}
