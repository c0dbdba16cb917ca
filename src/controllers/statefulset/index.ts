/**
 * Keeps pods with stable names, in order. Mirrors `pkg/controller/statefulset`; like there, no expectations are
 * kept: names are known beforehand, so a stale cache costs a refused create, not an extra pod.
 */
import {
  type ControllerRevision,
  PersistentVolumeClaims,
  type Pod,
  Pods,
  type StatefulSet,
  StatefulSets,
} from '../../api/index.ts'
import { type Controller, DONE, type Intent, type Outcome, type View } from '../../client/index.ts'
import { adoptions, releases } from '../shared/controller-ref.ts'
import {
  type History,
  historyOf,
  type Naming,
  ORPHAN_REVISIONS,
  REVISIONS_BY_CONTROLLER,
  templateOf,
  truncateHistory,
} from '../shared/history.ts'
import { ownerKeys, selectorIndex } from '../shared/owner-keys.ts'
import { ORPHAN_PODS, PODS_BY_CONTROLLER } from '../shared/pod-indexes.ts'
import { availableFromMs, isPodReady, readySince } from '../shared/pod-state.ts'
import { isNameOf, revisionOf } from './identity.ts'
import { type Revisions, statusOf, statusUpdate, withOneCurrentLess } from './status.ts'
import { membersOf, nextStep } from './step.ts'

const STATEFULSETS_BY_SELECTOR = selectorIndex(StatefulSets)
const NAMING: Naming = { kind: StatefulSets, hashLabel: 'controller.kubernetes.io/hash' }

export const statefulSetController: Controller<StatefulSet> = {
  name: 'statefulset',
  eventSource: 'statefulset-controller',
  kind: StatefulSets,
  watches: [
    { kind: Pods, keys: ownerKeys(StatefulSets, STATEFULSETS_BY_SELECTOR, isLookedAt) },
    // Claims are looked up, their changes move nothing.
    { kind: PersistentVolumeClaims, keys: () => [] },
  ],
  indexes: [
    PODS_BY_CONTROLLER,
    ORPHAN_PODS,
    REVISIONS_BY_CONTROLLER,
    ORPHAN_REVISIONS,
    STATEFULSETS_BY_SELECTOR,
  ],
  reconcile,
}

/** Whether the pod changed in what the controller looks at. */
function isLookedAt(pod: Pod, old: Pod | undefined): boolean {
  return (
    !old ||
    pod.status.phase !== old.status.phase ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    isPodReady(pod) !== isPodReady(old) ||
    readySince(pod) !== readySince(old)
  )
}

function reconcile(set: StatefulSet | undefined, view: View): Outcome {
  if (!set) return DONE
  const owned = view.list(PODS_BY_CONTROLLER, set.metadata.uid)
  const claimed = claims(set, owned, view)
  if (claimed.length > 0) return { intents: claimed }

  const history = historyOf(NAMING, set, view)
  const current = currentRevision(set, history)
  const revisions: Revisions = {
    current: current.metadata.name,
    update: history.update.metadata.name,
    collisionCount: history.collisionCount,
  }
  const members = membersOf(set, owned)
  const pods = [...members.replicas.filter(pod => pod !== undefined), ...members.condemned]
  const status = statusOf(set, revisions, pods, view)
  if (set.metadata.deletionTimestamp) return { intents: statusUpdate(set, status) }

  const templates = { current: templateOf(current), update: set.spec.template }
  const onRefusal = () => statusUpdate(set, status)
  const step = nextStep(set, members, revisions, templates, view, onRefusal)
  const live = new Set([revisions.current, revisions.update, ...pods.map(revisionOf)])
  return {
    intents: [
      ...history.intents,
      ...step.intents,
      ...statusUpdate(set, step.isReplacing ? withOneCurrentLess(status) : status),
      ...truncateHistory(set, history.all, revision => live.has(revision.metadata.name)),
    ],
    requeueAfterMs: nextAvailableInMs(set, pods, view),
  }
}

function claims(set: StatefulSet, owned: readonly Pod[], view: View): Intent[] {
  const isOurs = (intent: Intent) => intent.do === 'patch' && isNameOf(set, intent.name)
  return [
    ...adoptions(ORPHAN_REVISIONS, StatefulSets, set, view),
    ...adoptions(ORPHAN_PODS, StatefulSets, set, view).filter(isOurs),
    ...releases(owned, Pods, set),
  ]
}

/** The revision that pods below the partition are of; the update revision while there is no other. */
function currentRevision(set: StatefulSet, history: History): ControllerRevision {
  const name = set.status.currentRevision
  return history.all.find(revision => revision.metadata.name === name) ?? history.update
}

/** In how many ms the next ready pod becomes available. */
function nextAvailableInMs(set: StatefulSet, pods: readonly Pod[], view: View): number | undefined {
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  if (minReadySeconds === 0) return undefined
  const waits = pods.map(pod => availableFromMs(pod, minReadySeconds) - view.nowMs).filter(ms => ms > 0)
  const soonestMs = Math.min(...waits)
  return Number.isFinite(soonestMs) ? soonestMs : undefined
}
