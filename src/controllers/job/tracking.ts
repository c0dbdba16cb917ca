/**
 * A Job's status and the pods it lets go: `trackJobStatusAndRemoveFinalizers`. One step of the counting a reconcile,
 * where upstream does them in one: the order of writes, and what a crash between them leaves, is the same.
 */
import type { JobStatus } from 'kubernetes-types/batch/v1.js'
import { JOB, type Job, type Pod } from '../../api/index.ts'
import type { EventIntent } from '../../client/index.ts'
import { eventAbout } from '../shared/event-about.ts'
import { type Census, hasFailed, notedPods } from './census.ts'
import { announcedEnding, type Ending, withCondition } from './conditions.ts'
import { formatIndexes } from './index-ranges.ts'
import { hasFinalizer, indexOf, isIndexed } from './job-pods.ts'

export interface Tracking {
  readonly status: JobStatus
  /** Pods to be let go once the status is written. */
  readonly release: readonly Pod[]
  /** Told with the status. */
  readonly event: EventIntent | undefined
}

/** The status of a Job with `active` pods, that is over when `ending` is given. */
export function track(
  job: Job,
  census: Census,
  active: number,
  ending: Ending | undefined,
  timestamp: string,
): Tracking {
  const release = census.pods
    .filter(pod => hasFinalizer(pod) && isReleased(job, pod, ending))
    .slice(0, JOB.maximumUncountedPods)
  const counted = count(job, census, release, ending)
  let conditions = suspension(job, ending, timestamp)
  let event: EventIntent | undefined
  const status: JobStatus = { ...counted }
  const startTime = startOf(job, conditions, timestamp)
  if (startTime) status.startTime = startTime
  if (active > 0) status.active = active
  status.ready = census.ready
  status.terminating = census.terminating
  if (ending) {
    conditions = withCondition(conditions, ending.type, 'True', ending.reason, ending.message, timestamp)
    if (announcedEnding(job) && isSettled(counted, release, census)) {
      const type = ending.type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed'
      conditions = withCondition(conditions, type, 'True', ending.reason, ending.message, timestamp)
      if (type === 'Complete') status.completionTime = timestamp
      event = endEvent(job, ending)
    }
  } else if (conditions !== (job.status.conditions ?? NO_CONDITIONS)) {
    event = suspensionEvent(job)
  }
  if (conditions.length > 0) status.conditions = [...conditions]
  return { status, release, event }
}

const NO_CONDITIONS: NonNullable<JobStatus['conditions']> = []

/** Finished pods are; all are once the Job is over or being deleted. */
function isReleased(job: Job, pod: Pod, ending: Ending | undefined): boolean {
  if (ending || job.metadata.deletionTimestamp) return true
  return pod.status.phase === 'Succeeded' || hasFailed(job, pod)
}

/** Counters, and the uids that are noted but not counted. */
function count(job: Job, census: Census, release: readonly Pod[], ending: Ending | undefined): JobStatus {
  const tracked = new Set(census.pods.filter(hasFinalizer).map(({ metadata }) => metadata.uid))
  const noted = notedPods(job)
  const before = job.status.uncountedTerminatedPods ?? {}
  const succeeded = (before.succeeded ?? []).filter(uid => tracked.has(uid))
  const failed = (before.failed ?? []).filter(uid => tracked.has(uid))
  const countedSucceeded = (before.succeeded?.length ?? 0) - succeeded.length
  const countedFailed = (before.failed?.length ?? 0) - failed.length
  for (const pod of release) {
    const { uid } = pod.metadata
    if (noted.has(uid)) continue
    if (pod.status.phase === 'Succeeded') {
      if (!isIndexed(job)) succeeded.push(uid)
    } else if (hasFailed(job, pod) || ending) {
      if (!isIndexed(job) || indexOf(job, pod) !== undefined) failed.push(uid)
    }
  }
  const status: JobStatus = {
    uncountedTerminatedPods: {
      ...(succeeded.length > 0 && { succeeded }),
      ...(failed.length > 0 && { failed }),
    },
  }
  const allSucceeded = isIndexed(job)
    ? census.completedIndexes.size
    : (job.status.succeeded ?? 0) + countedSucceeded
  if (allSucceeded > 0) status.succeeded = allSucceeded
  const allFailed = (job.status.failed ?? 0) + countedFailed
  if (allFailed > 0) status.failed = allFailed
  if (census.completedIndexes.size > 0) status.completedIndexes = formatIndexes(census.completedIndexes)
  return status
}

/** Every pod is counted, let go and gone: the end may be declared. */
function isSettled(counted: JobStatus, release: readonly Pod[], census: Census): boolean {
  const { succeeded = [], failed = [] } = counted.uncountedTerminatedPods ?? {}
  return succeeded.length + failed.length + release.length + census.terminating === 0
}

function suspension(job: Job, ending: Ending | undefined, timestamp: string) {
  const conditions = job.status.conditions ?? NO_CONDITIONS
  if (ending || job.metadata.deletionTimestamp) return conditions
  return job.spec.suspend
    ? withCondition(conditions, 'Suspended', 'True', 'JobSuspended', 'Job suspended', timestamp)
    : withCondition(conditions, 'Suspended', 'False', 'JobResumed', 'Job resumed', timestamp)
}

function suspensionEvent(job: Job): EventIntent {
  return job.spec.suspend
    ? eventAbout(job, 'Normal', 'Suspended', 'Job suspended')
    : eventAbout(job, 'Normal', 'Resumed', 'Job resumed')
}

/** A Job starts when it is first seen not suspended, and anew when it is resumed. */
function startOf(job: Job, conditions: readonly unknown[], timestamp: string): string | undefined {
  const isResumed = !job.spec.suspend && conditions !== (job.status.conditions ?? NO_CONDITIONS)
  if (isResumed) return timestamp
  return job.status.startTime ?? (job.spec.suspend ? undefined : timestamp)
}

function endEvent(job: Job, { type, reason, message }: Ending): EventIntent {
  return type === 'SuccessCriteriaMet'
    ? eventAbout(job, 'Normal', 'Completed', 'Job completed')
    : eventAbout(job, 'Warning', reason, message)
}
