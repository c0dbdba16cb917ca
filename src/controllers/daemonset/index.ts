/**
 * Keeps one pod on every node that should have one. Mirrors `pkg/controller/daemon`; differs in waiting one second
 * before a failed pod is replaced, where upstream's wait doubles with each failure on the node.
 */
import {
  DAEMONSET,
  type DaemonSet,
  DaemonSets,
  keyOf,
  NAMES,
  type Node,
  Nodes,
  type Pod,
  Pods,
} from '../../api/index.ts'
import {
  type Controller,
  DONE,
  type Intent,
  type Outcome,
  type View,
  type Watch,
} from '../../client/index.ts'
import { adoptions, releases } from '../shared/controller-ref.ts'
import { eventAbout } from '../shared/event-about.ts'
import {
  historyOf,
  type Naming,
  ORPHAN_REVISIONS,
  REVISIONS_BY_CONTROLLER,
  truncateHistory,
} from '../shared/history.ts'
import { isEmptySelector } from '../shared/label-anchors.ts'
import { ownerKeys, selectorIndex } from '../shared/owner-keys.ts'
import { ORPHAN_PODS, PODS_BY_CONTROLLER } from '../shared/pod-indexes.ts'
import { creationEvents, podCreation, podDeletion } from '../shared/pod-intents.ts'
import { isPodReady, readySince } from '../shared/pod-state.ts'
import { eligibility, hashOf, newDaemonPod } from './daemon-pods.ts'
import { byNode, cover, type Plan, roll, type Situation } from './manage.ts'
import { nextAvailableInMs, statusUpdate } from './status.ts'

const DAEMONSETS_BY_SELECTOR = selectorIndex(DaemonSets)
const NAMING: Naming = { kind: DaemonSets, hashLabel: NAMES.controllerRevisionHashLabel }

export const daemonSetController: Controller<DaemonSet> = {
  name: 'daemonset',
  eventSource: 'daemonset-controller',
  kind: DaemonSets,
  workers: 2,
  watches: [
    { kind: Pods, keys: ownerKeys(DaemonSets, DAEMONSETS_BY_SELECTOR, isLookedAt) },
    { kind: Nodes, keys: setsConcerned },
  ],
  indexes: [
    PODS_BY_CONTROLLER,
    ORPHAN_PODS,
    REVISIONS_BY_CONTROLLER,
    ORPHAN_REVISIONS,
    DAEMONSETS_BY_SELECTOR,
  ],
  expects: [Pods],
  reconcile,
}

/** Whether the pod changed in what the controller looks at; being bound to the node it was made for is nothing. */
function isLookedAt(pod: Pod, old: Pod | undefined): boolean {
  return (
    !old ||
    pod.status.phase !== old.status.phase ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    isPodReady(pod) !== isPodReady(old) ||
    readySince(pod) !== readySince(old)
  )
}

/** DaemonSets to which the node is something else than before. */
function setsConcerned(...[node, old, , view]: Parameters<Watch<Node>['keys']>): string[] {
  if (old && old.spec === node.spec && old.metadata.labels === node.metadata.labels) return []
  return view
    .all(DaemonSets)
    .filter(set => {
      const now = eligibility(set, node)
      if (!old) return now.mayStay
      const before = eligibility(set, old)
      return now.shouldRun !== before.shouldRun || now.mayStay !== before.mayStay
    })
    .map(keyOf)
}

function reconcile(set: DaemonSet | undefined, view: View): Outcome {
  if (!set || set.metadata.deletionTimestamp) return DONE
  if (isEmptySelector(set.spec.selector)) return { intents: [selectsEverything(set)] }
  const owned = view.list(PODS_BY_CONTROLLER, set.metadata.uid)
  const claimed = [
    ...adoptions(ORPHAN_REVISIONS, DaemonSets, set, view),
    ...adoptions(ORPHAN_PODS, DaemonSets, set, view),
    ...releases(owned, Pods, set),
  ]
  if (claimed.length > 0) return { intents: claimed }

  const history = historyOf(NAMING, set, view)
  const hash = history.update.metadata.labels?.[NAMES.controllerRevisionHashLabel] ?? ''
  const situation: Situation = {
    set,
    nodes: view.all(Nodes),
    podsByNode: byNode(owned),
    hash,
    nowMs: view.nowMs,
  }
  const plan = cover(situation)
  const isCovering = plan.create.length + plan.remove.length > 0
  const update = isCovering ? plan : { ...plan, ...roll(situation) }
  const status = statusUpdate(situation, history.collisionCount)
  const live = new Set([hash, ...owned.map(hashOf)])
  const isLive = (revision: { metadata: { labels?: Record<string, string> } }) =>
    live.has(revision.metadata.labels?.[NAMES.controllerRevisionHashLabel])
  const waits = [plan.lookAgainInMs, nextAvailableInMs(situation)].filter(ms => ms !== undefined)
  return {
    intents: [
      ...history.intents,
      ...writes(set, update, hash, () => status),
      ...status,
      ...(isCovering ? [] : truncateHistory(set, history.all, isLive)),
    ],
    requeueAfterMs: waits.length > 0 ? Math.min(...waits) : undefined,
  }
}

function writes(set: DaemonSet, plan: Plan, hash: string, onRefusal: () => readonly Intent[]): Intent[] {
  const events = creationEvents(set)
  const creations = plan.create
    .slice(0, DAEMONSET.burstReplicas)
    .map(node => podCreation(newDaemonPod(set, node, hash), events))
  const deletions = plan.remove.slice(0, DAEMONSET.burstReplicas).map(pod => podDeletion(set, pod))
  const intents: Intent[] = [...plan.events]
  if (creations.length > 0) intents.push({ do: 'batch', slowStart: true, intents: creations, onRefusal })
  if (deletions.length > 0) intents.push({ do: 'batch', slowStart: false, intents: deletions, onRefusal })
  return intents
}

function selectsEverything(set: DaemonSet): Intent {
  const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
  return eventAbout(set, 'Warning', 'SelectingAll', message)
}
