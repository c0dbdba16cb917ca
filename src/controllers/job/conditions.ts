/** A Job's conditions, and when it is over. Since 1.31 the end is announced before it is declared. */
import type { JobCondition } from 'kubernetes-types/batch/v1.js'
import type { Job } from '../../api/index.ts'
import type { Census } from './census.ts'

export type ConditionType = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | 'Suspended'

/** Why a Job is over. */
export interface Ending {
  readonly type: 'SuccessCriteriaMet' | 'FailureTarget'
  readonly reason: string
  readonly message: string
}

function conditionOf(job: Job, type: ConditionType): JobCondition | undefined {
  return job.status.conditions?.find(condition => condition.type === type && condition.status === 'True')
}

/** Complete or Failed: nothing will be done any more. */
export function isFinished(job: Job): boolean {
  return (conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed')) !== undefined
}

/** The ending announced in the status, if there is one. */
export function announcedEnding(job: Job): Ending | undefined {
  for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
    const { reason = '', message = '' } = conditionOf(job, type) ?? {}
    if (conditionOf(job, type)) return { type, reason, message }
  }
  return undefined
}

/** Whether the Job has failed by now. */
export function failure(job: Job, census: Census, nowMs: number): Ending | undefined {
  const backoffLimit = job.spec.backoffLimit ?? 6
  if (census.failed > backoffLimit || hasRestartedTooOften(job, census, backoffLimit)) {
    const message = 'Job has reached the specified backoff limit'
    return { type: 'FailureTarget', reason: 'BackoffLimitExceeded', message }
  }
  if (deadlineInMs(job, nowMs) === 0) {
    const message = 'Job was active longer than specified deadline'
    return { type: 'FailureTarget', reason: 'DeadlineExceeded', message }
  }
  return undefined
}

/** Pods that restart in place are judged by their restarts. */
function hasRestartedTooOften(job: Job, { pods }: Census, backoffLimit: number): boolean {
  if (job.spec.template.spec?.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue
    const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    for (const { restartCount } of containers) restarts += restartCount
  }
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit
}

/** Milliseconds until activeDeadlineSeconds are over; undefined without a deadline or a start. */
export function deadlineInMs(job: Job, nowMs: number): number | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec
  const { startTime } = job.status
  if (activeDeadlineSeconds === undefined || suspend || !startTime) return undefined
  return Math.max(0, Date.parse(startTime) + activeDeadlineSeconds * 1000 - nowMs)
}

/** Whether enough pods succeeded and none is left; `active` counts pods about to be made, too. */
export function success(job: Job, census: Census, active: number): Ending | undefined {
  const { completions } = job.spec
  const isEnough = completions == null ? census.succeeded > 0 : census.succeeded >= completions
  if (!isEnough || active > 0) return undefined
  const message = 'Reached expected number of succeeded pods'
  return { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message }
}

/** The conditions with one set; unchanged while its status, reason and message are the same. */
export function withCondition(
  conditions: readonly JobCondition[],
  type: ConditionType,
  status: 'True' | 'False',
  reason: string,
  message: string,
  timestamp: string,
): readonly JobCondition[] {
  const old = conditions.find(condition => condition.type === type)
  // A condition that is not there is not true.
  if (!old && status === 'False') return conditions
  if (old?.status === status && old.reason === reason && old.message === message) return conditions
  const next: JobCondition = {
    type,
    status,
    lastProbeTime: timestamp,
    lastTransitionTime: timestamp,
    reason,
    message,
  }
  return old ? conditions.map(condition => (condition === old ? next : condition)) : [...conditions, next]
}
