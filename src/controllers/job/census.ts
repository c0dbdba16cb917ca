/**
 * What a Job's pods amount to. A finished pod is counted once: its uid is noted in `uncountedTerminatedPods`, its
 * finalizer removed, and only when the cache shows it without finalizer does it go into the counters.
 */
import { JOB, type Job, type Pod } from '../../api/index.ts'
import { isPodActive, isPodFinished, isPodReady, isPodTerminating } from '../shared/pod-state.ts'
import { parseIndexes } from './index-ranges.ts'
import { finishedAtMs, hasFinalizer, indexOf, isIndexed } from './job-pods.ts'

export interface Census {
  readonly pods: readonly Pod[]
  readonly active: readonly Pod[]
  readonly ready: number
  readonly terminating: number
  /** Pods that succeeded or failed so far, whether counted in the status yet or not. */
  readonly succeeded: number
  readonly failed: number
  /** Indexes that succeeded; of an Indexed Job only. */
  readonly completedIndexes: ReadonlySet<number>
  readonly failuresSinceSuccess: number
  readonly lastFailureMs: number
}

export function takeCensus(job: Job, pods: readonly Pod[]): Census {
  const active = pods.filter(isPodActive)
  const noted = notedPods(job)
  const isNew = (pod: Pod) => hasFinalizer(pod) && !noted.has(pod.metadata.uid)
  const newlyFailed = pods.filter(pod => isNew(pod) && hasFailed(job, pod)).length
  const newlySucceeded = pods.filter(pod => isNew(pod) && pod.status.phase === 'Succeeded').length
  const uncounted = job.status.uncountedTerminatedPods
  const completedIndexes = isIndexed(job) ? completed(job, pods) : NO_INDEXES
  return {
    pods,
    active,
    ready: active.filter(isPodReady).length,
    terminating: pods.filter(isPodTerminating).length,
    succeeded: isIndexed(job)
      ? completedIndexes.size
      : (job.status.succeeded ?? 0) + newlySucceeded + (uncounted?.succeeded?.length ?? 0),
    failed: (job.status.failed ?? 0) + newlyFailed + (uncounted?.failed?.length ?? 0),
    completedIndexes,
    ...failureStreak(pods),
  }
}
const NO_INDEXES: ReadonlySet<number> = new Set()

/** The uids of pods that the status knows of but has not counted. */
export function notedPods(job: Job): Set<string> {
  const { succeeded = [], failed = [] } = job.status.uncountedTerminatedPods ?? {}
  return new Set([...succeeded, ...failed])
}

/** Failed, or going away before its end unless only failures are to be replaced. */
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status.phase === 'Failed') return true
  if (job.spec.podReplacementPolicy === 'Failed') return false
  return pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded'
}

function completed(job: Job, pods: readonly Pod[]): Set<number> {
  const indexes = parseIndexes(job.status.completedIndexes, job.spec.completions ?? 0)
  for (const pod of pods) {
    const index = indexOf(job, pod)
    if (index !== undefined && pod.status.phase === 'Succeeded' && hasFinalizer(pod)) indexes.add(index)
  }
  return indexes
}

/** Failures in a row since the last success, from the pods that are still there. */
function failureStreak(pods: readonly Pod[]): Pick<Census, 'failuresSinceSuccess' | 'lastFailureMs'> {
  const finished = pods.filter(isPodFinished).map(pod => ({ pod, atMs: finishedAtMs(pod) }))
  finished.sort((a, b) => a.atMs - b.atMs)
  let [failuresSinceSuccess, lastFailureMs] = [0, 0]
  for (const { pod, atMs } of finished) {
    failuresSinceSuccess = pod.status.phase === 'Succeeded' ? 0 : failuresSinceSuccess + 1
    lastFailureMs = atMs
  }
  return { failuresSinceSuccess, lastFailureMs }
}

/** How long not to make pods after failures: 10 s, doubling with each, 10 min at most. */
export function backoffLeftMs({ failuresSinceSuccess, lastFailureMs }: Census, nowMs: number): number {
  if (failuresSinceSuccess === 0) return 0
  const backoffMs = JOB.podFailureBackoffMs * 2 ** (failuresSinceSuccess - 1)
  return Math.max(0, Math.min(backoffMs, JOB.maximumPodFailureBackoffMs) - (nowMs - lastFailureMs))
}
