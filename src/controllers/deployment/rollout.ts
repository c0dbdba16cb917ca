/**
 * One step of a rollout: what to write, given the ReplicaSets there are. Mirrors `rolloutRolling`,
 * `rolloutRecreate` and `sync`.
 */
import {
  DEPLOYMENT,
  type Deployment,
  type NewObject,
  type ReplicaSet,
  ReplicaSets,
  type Status,
} from '../../api/index.ts'
import { DONE, type EventIntent, type Intent, type Outcome, type View } from '../../client/index.ts'
import { eventAbout } from '../shared/event-about.ts'
import { PODS_BY_CONTROLLER } from '../shared/pod-indexes.ts'
import {
  conditionOf,
  deadlineCheckInMs,
  type Finding,
  hasDeadline,
  isComplete,
  progressConditions,
  withCondition,
} from './conditions.ts'
import {
  annotatedNumber,
  byRevision,
  isRollingUpdate,
  type ReplicaSetsOf,
  specReplicas,
  sumOf,
} from './replica-sets.ts'
import { broughtUpToDate, newReplicaSet, nextRevision, sizeAnnotations } from './revisions.ts'
import {
  currentSize,
  emptyOld,
  isScalingEvent,
  resizeCurrent,
  type Sizes,
  scale,
  shrinkOld,
} from './scaling.ts'
import { plainStatus, statusWrite } from './status.ts'

/** A paused Deployment is resized and cleaned up, and does not roll. */
export function scaleOnly(deployment: Deployment, replicaSets: ReplicaSetsOf, view: View): Outcome {
  const prelude = syncRevision(deployment, replicaSets, view)
  if (prelude.isFinal) return { intents: prelude.intents }
  const resized = resize(deployment, replicaSets, scale(deployment, replicaSets))
  const cleanup = deployment.spec.paused ? cleanUp(deployment, replicaSets.old) : []
  const intents = [...prelude.intents, ...resized.intents, ...cleanup]
  if (prelude.intents.length > 0) return { intents }
  const status = plainStatus(deployment, resized.replicaSets, view.timestamp)
  return { intents: [...intents, ...statusWrite(deployment, status)] }
}

/** Takes the next step towards the current template. */
export function rollOut(deployment: Deployment, replicaSets: ReplicaSetsOf, view: View): Outcome {
  if (isScalingEvent(deployment, replicaSets)) return scaleOnly(deployment, replicaSets, view)
  return isRollingUpdate(deployment)
    ? rollGradually(deployment, replicaSets, view)
    : recreate(deployment, replicaSets, view)
}

function rollGradually(deployment: Deployment, replicaSets: ReplicaSetsOf, view: View): Outcome {
  const start = replicaSets.current
    ? syncRevision(deployment, replicaSets, view)
    : createCurrent(deployment, replicaSets, view)
  if (start.isFinal) return { intents: start.intents }
  const here = start.replicaSets
  const grown = resize(deployment, here, resizeCurrent(deployment, here))
  const moved = grown.intents.length > 0 ? grown : resize(deployment, here, shrinkOld(deployment, here))
  return conclude(deployment, moved.replicaSets, [...start.intents, ...moved.intents], start, view)
}

function recreate(deployment: Deployment, replicaSets: ReplicaSetsOf, view: View): Outcome {
  const start = syncRevision(deployment, replicaSets, view)
  if (start.isFinal) return { intents: start.intents }
  const emptied = resize(deployment, replicaSets, emptyOld(replicaSets))
  if (emptied.intents.length > 0 || haveUnfinishedPods(replicaSets.old, view)) {
    return conclude(deployment, emptied.replicaSets, [...start.intents, ...emptied.intents], start, view)
  }
  const made = replicaSets.current ? start : createCurrent(deployment, replicaSets, view)
  if (made.isFinal) return { intents: made.intents }
  const grown = resize(deployment, made.replicaSets, resizeCurrent(deployment, made.replicaSets))
  return conclude(deployment, grown.replicaSets, [...made.intents, ...grown.intents], made, view)
}

/** A first part of a reconcile. `isFinal` when its writes make the caches too stale to go on. */
interface Start {
  readonly intents: readonly Intent[]
  readonly isFinal: boolean
  readonly replicaSets: ReplicaSetsOf
}

/** Clean-up when all is done, and the status; the status waits when the Deployment is being written already. */
function conclude(
  deployment: Deployment,
  replicaSets: ReplicaSetsOf,
  intents: readonly Intent[],
  start: Start,
  view: View,
): Outcome {
  const cleanup = isComplete(deployment, deployment.status) ? cleanUp(deployment, replicaSets.old) : []
  if (start.intents.length > 0) return { intents: [...intents, ...cleanup] }
  const plain = plainStatus(deployment, replicaSets, view.timestamp)
  const conditions = progressConditions(deployment, plain, replicaSets, view.nowMs, view.timestamp)
  const status = { ...plain, conditions }
  const all = [...intents, ...cleanup, ...statusWrite(deployment, status)]
  const requeueAfterMs = deadlineCheckInMs(deployment, status, view.nowMs)
  return all.length === 0 && requeueAfterMs === undefined ? DONE : { intents: all, requeueAfterMs }
}

/** Brings the annotations of the current ReplicaSet up to date, then those of the Deployment. */
function syncRevision(deployment: Deployment, replicaSets: ReplicaSetsOf, view: View): Start {
  const { current, old } = replicaSets
  if (!current) return { intents: [], isFinal: false, replicaSets }
  const updated = broughtUpToDate(deployment, current, nextRevision(old))
  if (updated !== current) {
    return { intents: [{ do: 'update', kind: ReplicaSets, object: updated }], isFinal: true, replicaSets }
  }
  const conditions = deployment.status.conditions ?? []
  const isUnknown = hasDeadline(deployment) && !conditionOf(conditions, 'Progressing')
  const message = `Found new replica set "${current.metadata.name}"`
  const found: Finding = { status: 'True', reason: 'FoundNewReplicaSet', message }
  const status = isUnknown
    ? { ...deployment.status, conditions: withCondition(conditions, 'Progressing', found, view.timestamp) }
    : deployment.status
  const revision = current.metadata.annotations?.[DEPLOYMENT.revisionAnnotation] ?? ''
  const annotations = { [DEPLOYMENT.revisionAnnotation]: revision }
  return { intents: statusWrite(deployment, status, annotations), isFinal: false, replicaSets }
}

function createCurrent(deployment: Deployment, replicaSets: ReplicaSetsOf, view: View): Start {
  const { old } = replicaSets
  const revision = nextRevision(old)
  const size = currentSize(deployment, 0, sumOf(old, specReplicas))
  const object = newReplicaSet(deployment, size, revision)
  const { name = '', namespace = '' } = object.metadata
  if (view.get(ReplicaSets, namespace, name)) {
    const collisionCount = (deployment.status.collisionCount ?? 0) + 1
    const intents = statusWrite(deployment, { ...deployment.status, collisionCount })
    return { intents, isFinal: true, replicaSets }
  }
  const created: Finding = {
    status: 'True',
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${name}"`,
  }
  const annotations = { [DEPLOYMENT.revisionAnnotation]: String(revision) }
  return {
    intents: [
      {
        do: 'create',
        kind: ReplicaSets,
        object,
        event: size > 0 ? scaled(deployment, name, 0, size) : undefined,
        failureEvent: {
          do: 'event',
          about: deployment,
          type: 'Warning',
          reason: 'ReplicaSetCreateError',
          message: `Failed to create new replica set "${name}": {error}`,
        },
        isFineIfExists: true,
        onRefusal: refusal => refused(deployment, name, refusal, view.timestamp),
      },
      ...progressWrite(deployment, created, view.timestamp, annotations),
    ],
    isFinal: false,
    replicaSets: { current: asStored(object, view.timestamp), old },
  }
}

function refused(deployment: Deployment, name: string, refusal: Status, timestamp: string): Intent[] {
  const message = `Failed to create new replica set "${name}": ${refusal.message}`
  const finding: Finding = { status: 'False', reason: 'ReplicaSetCreateError', message }
  return hasDeadline(deployment) ? progressWrite(deployment, finding, timestamp) : []
}

function progressWrite(
  deployment: Deployment,
  finding: Finding,
  timestamp: string,
  annotations?: Readonly<Record<string, string>>,
): Intent[] {
  const { status } = deployment
  if (!hasDeadline(deployment)) return statusWrite(deployment, status, annotations)
  const conditions = withCondition(status.conditions ?? [], 'Progressing', finding, timestamp)
  return statusWrite(deployment, { ...status, conditions }, annotations)
}

/** What the new ReplicaSet will be like, to reckon with in the rest of this reconcile. */
function asStored(object: NewObject<ReplicaSet>, timestamp: string): ReplicaSet {
  const { name = '' } = object.metadata
  const metadata = { ...object.metadata, name, uid: '', resourceVersion: '', creationTimestamp: timestamp }
  return { ...object, metadata }
}

/** The writes that give ReplicaSets their sizes, and the ReplicaSets as they will be. */
function resize(
  deployment: Deployment,
  replicaSets: ReplicaSetsOf,
  sizes: Sizes,
): { readonly intents: readonly Intent[]; readonly replicaSets: ReplicaSetsOf } {
  if (sizes.size === 0) return { intents: [], replicaSets }
  const intents: Intent[] = []
  const results = new Map<ReplicaSet, ReplicaSet>()
  for (const [replicaSet, size] of sizes) {
    const before = specReplicas(replicaSet)
    if (size === before && areAnnotationsRight(deployment, replicaSet)) continue
    const annotations = { ...replicaSet.metadata.annotations, ...sizeAnnotations(deployment) }
    const object: ReplicaSet = {
      ...replicaSet,
      metadata: { ...replicaSet.metadata, annotations },
      spec: { ...replicaSet.spec, replicas: size },
    }
    const event = size === before ? undefined : scaled(deployment, replicaSet.metadata.name, before, size)
    intents.push({ do: 'update', kind: ReplicaSets, object, event })
    results.set(replicaSet, object)
  }
  const result = (replicaSet: ReplicaSet) => results.get(replicaSet) ?? replicaSet
  const { current, old } = replicaSets
  return { intents, replicaSets: { current: current && result(current), old: old.map(result) } }
}

function areAnnotationsRight(deployment: Deployment, replicaSet: ReplicaSet): boolean {
  const annotations = sizeAnnotations(deployment)
  return Object.keys(annotations).every(
    name => annotatedNumber(replicaSet, name) === Number(annotations[name]),
  )
}

function scaled(deployment: Deployment, name: string, from: number, to: number): EventIntent {
  const direction = to > from ? 'up' : 'down'
  const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`
  return eventAbout(deployment, 'Normal', 'ScalingReplicaSet', message)
}

function haveUnfinishedPods(old: readonly ReplicaSet[], view: View): boolean {
  return old.some(({ metadata }) => view.sum(PODS_BY_CONTROLLER, metadata.uid, 'unfinished') > 0)
}

/** Deletes the oldest revisions beyond revisionHistoryLimit, where no pod is left. */
function cleanUp(deployment: Deployment, old: readonly ReplicaSet[]): Intent[] {
  const limit = deployment.spec.revisionHistoryLimit
  if (limit === undefined) return []
  const alive = old.filter(replicaSet => !replicaSet.metadata.deletionTimestamp).sort(byRevision)
  return alive
    .slice(0, Math.max(0, alive.length - limit))
    .filter(isEmpty)
    .map(object => ({ do: 'delete', kind: ReplicaSets, object }))
}

function isEmpty({ metadata, spec, status }: ReplicaSet): boolean {
  const isObserved = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0)
  return status.replicas === 0 && spec.replicas === 0 && isObserved
}
