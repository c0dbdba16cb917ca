/**
 * A Deployment's conditions, with upstream's reasons and words. Mirrors `progress.go` and the condition helpers of
 * `deployment_util.go`.
 */
import type { DeploymentCondition, DeploymentStatus } from 'kubernetes-types/apps/v1.js'
import { DEPLOYMENT, type Deployment, findCondition, type ReplicaSet } from '../../api/index.ts'
import { allOf, maxUnavailable, type ReplicaSetsOf, specReplicas } from './replica-sets.ts'

type Conditions = readonly DeploymentCondition[]
type Type = 'Available' | 'Progressing' | 'ReplicaFailure'

export function conditionOf(conditions: Conditions | undefined, type: Type): DeploymentCondition | undefined {
  return conditions?.find(condition => condition.type === type)
}

function without(conditions: Conditions, type: Type): DeploymentCondition[] {
  return conditions.filter(condition => condition.type !== type)
}

/** What a condition says, without its times. */
export interface Finding {
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

/** The conditions with one set: nothing changes while status and reason are the same. */
export function withCondition(
  conditions: Conditions,
  type: Type,
  finding: Finding,
  timestamp: string,
): DeploymentCondition[] {
  const old = conditionOf(conditions, type)
  if (old?.status === finding.status && old.reason === finding.reason) return [...conditions]
  const lastTransitionTime = old?.status === finding.status ? old.lastTransitionTime : timestamp
  return [...without(conditions, type), { type, ...finding, lastUpdateTime: timestamp, lastTransitionTime }]
}

export function availability(deployment: Deployment, availableReplicas: number): Finding {
  return availableReplicas >= specReplicas(deployment) - maxUnavailable(deployment)
    ? {
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }
}

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds
  return seconds !== undefined && seconds !== null && seconds !== DEPLOYMENT.noDeadlineSeconds
}

/** The status of a Deployment that was just paused or resumed; undefined when there is nothing to note. */
export function pausedStatus(deployment: Deployment, timestamp: string): DeploymentStatus | undefined {
  const conditions = deployment.status.conditions ?? []
  const reason = conditionOf(conditions, 'Progressing')?.reason
  if (!hasDeadline(deployment) || reason === 'ProgressDeadlineExceeded') return undefined
  const isMarked = reason === 'DeploymentPaused'
  if (isMarked === (deployment.spec.paused ?? false)) return undefined
  const finding: Finding = isMarked
    ? { status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' }
    : { status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' }
  return {
    ...deployment.status,
    conditions: withCondition(conditions, 'Progressing', finding, timestamp),
  }
}

/** Whether every replica is of the current template, available, and nothing else is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = specReplicas(deployment)
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

/** The conditions of `status` after judging a rollout's progress since the status that is stored. */
export function progressConditions(
  deployment: Deployment,
  status: DeploymentStatus,
  replicaSets: ReplicaSetsOf,
  nowMs: number,
  timestamp: string,
): DeploymentCondition[] {
  const conditions = judged(deployment, status, replicaSets.current, nowMs, timestamp)
  const failure = replicaFailure(replicaSets)
  if (!failure) return without(conditions, 'ReplicaFailure')
  const { reason = '', message = '' } = failure
  return withCondition(conditions, 'ReplicaFailure', { status: 'True', reason, message }, timestamp)
}

function judged(
  deployment: Deployment,
  status: DeploymentStatus,
  current: ReplicaSet | undefined,
  nowMs: number,
  timestamp: string,
): DeploymentCondition[] {
  const conditions = status.conditions ?? []
  if (!hasDeadline(deployment)) return without(conditions, 'Progressing')
  const progressing = conditionOf(conditions, 'Progressing')
  const isFinished =
    status.replicas === status.updatedReplicas && progressing?.reason === 'NewReplicaSetAvailable'
  if (isFinished) return [...conditions]

  const subject = current
    ? `ReplicaSet "${current.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`
    const finding: Finding = { status: 'True', reason: 'NewReplicaSetAvailable', message }
    return withCondition(conditions, 'Progressing', finding, timestamp)
  }
  if (hasProgressed(deployment.status, status)) {
    const since = progressing?.status === 'True' ? progressing.lastTransitionTime : timestamp
    const progress: DeploymentCondition = {
      type: 'Progressing',
      status: 'True',
      reason: 'ReplicaSetUpdated',
      message: `${subject} is progressing.`,
      lastUpdateTime: timestamp,
      lastTransitionTime: since,
    }
    return [...without(conditions, 'Progressing'), progress]
  }
  if (hasTimedOut(deployment, progressing, nowMs)) {
    const message = `${subject} has timed out progressing.`
    const finding: Finding = { status: 'False', reason: 'ProgressDeadlineExceeded', message }
    return withCondition(conditions, 'Progressing', finding, timestamp)
  }
  return [...conditions]
}

/** More updated, fewer old, more ready or more available replicas than before. */
function hasProgressed(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

function hasTimedOut(
  deployment: Deployment,
  progressing: DeploymentCondition | undefined,
  nowMs: number,
): boolean {
  if (!progressing || progressing.reason === 'NewReplicaSetAvailable') return false
  if (progressing.reason === 'ProgressDeadlineExceeded') return true
  return deadlineMs(deployment, progressing) < nowMs
}

function deadlineMs(deployment: Deployment, progressing: DeploymentCondition): number {
  return Date.parse(progressing.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000
}

/** In how many ms the progress deadline should be looked at; undefined when no deadline is running. */
export function deadlineCheckInMs(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | undefined {
  const progressing = conditionOf(status.conditions, 'Progressing')
  if (!hasDeadline(deployment) || !progressing || isComplete(deployment, status)) return undefined
  if (progressing.reason === 'ProgressDeadlineExceeded') return undefined
  const leftMs = deadlineMs(deployment, progressing) - nowMs
  // A second more: condition times are whole seconds.
  return Math.max(0, leftMs) + 1000
}

/** The failure of the current ReplicaSet, or else of any. */
function replicaFailure(replicaSets: ReplicaSetsOf): { reason?: string; message?: string } | undefined {
  const failureOf = (replicaSet: ReplicaSet | undefined) => findCondition(replicaSet, 'ReplicaFailure')
  return failureOf(replicaSets.current) ?? allOf(replicaSets).map(failureOf).find(Boolean)
}
