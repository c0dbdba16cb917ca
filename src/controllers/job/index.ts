/**
 * Runs pods until enough of them succeeded. Mirrors `pkg/controller/job`. Where it differs: the back-off is worked
 * out from the failed pods that are still there, pod changes are not gathered for a second before they are looked
 * at, and podFailurePolicy, successPolicy and backoffLimitPerIndex are told of in a warning and ignored.
 */
import { deepEqual, type Job, Jobs, type Pod, Pods } from '../../api/index.ts'
import {
  type Controller,
  DONE,
  type Intent,
  type Outcome,
  type View,
  type Watch,
} from '../../client/index.ts'
import { controllerIn } from '../shared/controller-ref.ts'
import { eventAbout } from '../shared/event-about.ts'
import { PODS_BY_CONTROLLER } from '../shared/pod-indexes.ts'
import { creationEvents, podCreation, podDeletion } from '../shared/pod-intents.ts'
import { isPodReady, maxRestarts } from '../shared/pod-state.ts'
import { takeCensus } from './census.ts'
import { announcedEnding, deadlineInMs, failure, isFinished, success } from './conditions.ts'
import { hasFinalizer, jobKey, newPod, removeFinalizer, TRACKED_PODS } from './job-pods.ts'
import { type PodChanges, podChanges } from './pods-to-change.ts'
import { type Tracking, track } from './tracking.ts'

export const jobController: Controller<Job> = {
  name: 'job',
  eventSource: 'job-controller',
  kind: Jobs,
  watches: [{ kind: Pods, keys: jobOfPod }],
  indexes: [PODS_BY_CONTROLLER, TRACKED_PODS],
  expects: [Pods],
  reconcile,
}

/** The Job a changed pod is of; one that is gone still has to let its pods go. */
function jobOfPod(...[pod, old, , view]: Parameters<Watch<Pod>['keys']>): readonly string[] {
  const key = jobKey(pod)
  if (key === undefined) return []
  const isOfConcern = controllerIn(view, pod, Jobs) ? !old || isLookedAt(pod, old) : hasFinalizer(pod)
  return isOfConcern ? [key] : []
}

/** Whether the pod changed in what the controller looks at. */
function isLookedAt(pod: Pod, old: Pod): boolean {
  return (
    pod.status.phase !== old.status.phase ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    hasFinalizer(pod) !== hasFinalizer(old) ||
    isPodReady(pod) !== isPodReady(old) ||
    maxRestarts(pod) !== maxRestarts(old)
  )
}

function reconcile(job: Job | undefined, view: View, key: string): Outcome {
  const left = leftBehind(job, view, key)
  if (!job || isFinished(job)) return left.length > 0 ? { intents: left } : DONE
  const { nowMs, timestamp } = view
  const census = takeCensus(job, view.list(PODS_BY_CONTROLLER, job.metadata.uid))
  const failed = announcedEnding(job) ?? failure(job, census, nowMs)
  const changes = failed ? { remove: census.active, make: [] } : livingChanges(job, census, nowMs)
  const active = census.active.length - changes.remove.length + changes.make.length
  const ending = failed ?? success(job, census, active)

  const planned = track(job, census, active, ending, timestamp)
  const asItIs = () => conclusion(job, track(job, census, census.active.length, failed, timestamp))
  const waits = [changes.lookAgainInMs, ending ? undefined : deadlineInMs(job, nowMs)]
  const soonest = waits.filter(ms => ms !== undefined)
  return {
    intents: [...left, ...warnings(job), ...podWrites(job, changes, asItIs), ...conclusion(job, planned)],
    requeueAfterMs: soonest.length > 0 ? Math.min(...soonest) : undefined,
  }
}

function livingChanges(job: Job, census: ReturnType<typeof takeCensus>, nowMs: number): PodChanges {
  return job.metadata.deletionTimestamp ? { remove: [], make: [] } : podChanges(job, census, nowMs)
}

/** Pods of a Job that is gone or over, or of one of the same name before it, are let go. */
function leftBehind(job: Job | undefined, view: View, key: string): Intent[] {
  const isOver = !job || isFinished(job)
  if (view.size(TRACKED_PODS, key) === 0) return []
  return view
    .list(TRACKED_PODS, key)
    .filter(pod => isOver || controllerIn(view, pod, Jobs) === undefined)
    .map(removeFinalizer)
}

/** The status, and then the pods that are in it. */
function conclusion(job: Job, { status, release, event }: Tracking): Intent[] {
  const write: Intent[] = deepEqual(status, job.status)
    ? []
    : [{ do: 'update', kind: Jobs, object: { ...job, status } as Job, subresource: 'status', event }]
  const letGo = release.map(removeFinalizer)
  return letGo.length === 0 ? write : [...write, { do: 'batch', slowStart: false, intents: letGo }]
}

function podWrites(job: Job, changes: PodChanges, onRefusal: () => Intent[]): Intent[] {
  const intents: Intent[] = []
  if (changes.remove.length > 0) {
    const deletions = changes.remove.map(pod => podDeletion(job, pod))
    intents.push({ do: 'batch', slowStart: false, intents: deletions, onRefusal })
  }
  if (changes.make.length > 0) {
    const events = creationEvents(job)
    const creations = changes.make.map(index => podCreation(newPod(job, index), events))
    intents.push({ do: 'batch', slowStart: true, intents: creations, onRefusal })
  }
  return intents
}

/** Said once, when the Job is first looked at. */
function warnings(job: Job): Intent[] {
  if (job.status.uncountedTerminatedPods) return []
  const ignored = (['podFailurePolicy', 'successPolicy', 'backoffLimitPerIndex'] as const).filter(
    field => job.spec[field] !== undefined,
  )
  return ignored.map(field =>
    eventAbout(job, 'Warning', 'NotModelled', `spec.${field} is not modelled and ignored`),
  )
}
