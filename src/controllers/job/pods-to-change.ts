/** Which pods a running Job should make or remove: `manageJob` of `job_controller.go`. */
import { JOB, type Job, type Pod } from '../../api/index.ts'
import { byDeletionOrder } from '../shared/pod-ranking.ts'
import { backoffLeftMs, type Census } from './census.ts'
import { indexOf, isIndexed } from './job-pods.ts'

export interface PodChanges {
  readonly remove: readonly Pod[]
  /** One entry a pod to make: its index, or undefined for a Job without indexes. */
  readonly make: readonly (number | undefined)[]
  /** When pods may be made that a back-off holds back. */
  readonly lookAgainInMs?: number
}

const NONE: PodChanges = { remove: [], make: [] }

export function podChanges(job: Job, census: Census, nowMs: number): PodChanges {
  const { active } = census
  if (job.spec.suspend) return { remove: active, make: [] }
  const wanted = wantedActive(job, census)
  const remove = surplus(job, active, Math.max(0, active.length - wanted), nowMs)
  if (remove.length > 0) return { remove: remove.slice(0, JOB.maximumPodsPerReconcile), make: [] }
  const waiting = job.spec.podReplacementPolicy === 'Failed' ? census.terminating : 0
  const missing = wanted - waiting - active.length
  if (missing <= 0) return NONE
  const lookAgainInMs = backoffLeftMs(census, nowMs)
  if (lookAgainInMs > 0) return { ...NONE, lookAgainInMs }
  const count = Math.min(missing, JOB.maximumPodsPerReconcile)
  const make = isIndexed(job)
    ? pendingIndexes(job, census, count)
    : new Array<undefined>(count).fill(undefined)
  return { remove: [], make }
}

/** A Job without completions keeps its parallelism until one pod succeeds, and then lets the others end. */
function wantedActive(job: Job, { succeeded, active }: Census): number {
  const { completions, parallelism = 1 } = job.spec
  if (completions == null) return succeeded > 0 ? active.length : parallelism
  return Math.max(0, Math.min(completions - succeeded, parallelism))
}

/** Pods with an index that others have, or that is beyond the completions, go first and in any case. */
function surplus(job: Job, active: readonly Pod[], count: number, nowMs: number): Pod[] {
  const ordered = byDeletionOrder(active, nowMs)
  if (!isIndexed(job)) return ordered.slice(0, count)
  const seen = new Set<number>()
  const superfluous = new Set<Pod>()
  for (const pod of ordered.toReversed()) {
    const index = indexOf(job, pod)
    if (index === undefined || seen.has(index)) superfluous.add(pod)
    else seen.add(index)
  }
  const others = ordered.filter(pod => !superfluous.has(pod))
  return [...superfluous, ...others.slice(0, Math.max(0, count - superfluous.size))]
}

/** The lowest indexes that have neither succeeded nor a pod at work. */
function pendingIndexes(job: Job, census: Census, count: number): number[] {
  const busy = new Set(census.active.map(pod => indexOf(job, pod)))
  if (job.spec.podReplacementPolicy === 'Failed') {
    for (const pod of census.pods) if (pod.metadata.deletionTimestamp) busy.add(indexOf(job, pod))
  }
  const pending: number[] = []
  for (let index = 0; index < (job.spec.completions ?? 0) && pending.length < count; index++) {
    if (!busy.has(index) && !census.completedIndexes.has(index)) pending.push(index)
  }
  return pending
}
