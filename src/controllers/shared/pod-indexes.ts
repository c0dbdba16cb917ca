/**
 * How controllers find and count their pods without reading them. Upstream lists a namespace and filters; here
 * indexes keep running counts per owner, so that a ReplicaSet of ten thousand is counted in a few look-ups.
 */
import { controllerOf, type Pod, Pods } from '../../api/index.ts'
import type { CacheIndex } from '../../client/index.ts'
import { labelAnchors, labelsText } from './label-anchors.ts'
import { isPodActive, isPodFinished, isPodReady, readySince } from './pod-state.ts'

const NONE: readonly string[] = Object.freeze([])

/** Pods by the uid of their controller. */
export const PODS_BY_CONTROLLER: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-by-controller',
  values: pod => {
    const controller = controllerOf(pod)
    return controller ? [controller.uid] : NONE
  },
  isSame: hasSameOwners,
  counters: {
    active: pod => (isPodActive(pod) ? 1 : 0),
    ready: pod => (isPodActive(pod) && isPodReady(pod) ? 1 : 0),
    unfinished: pod => (isPodFinished(pod) ? 0 : 1),
  },
}

/** Active pods of ReplicaSets and ReplicationControllers by controller and exact labels; see {@link ownedWithLabels}. */
export const PODS_BY_OWNED_LABELS: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-by-owned-labels',
  values: pod => {
    const controller = controllerOf(pod)
    if (!controller || !isReplicator(controller.kind) || !isPodActive(pod)) return NONE
    return [ownedWithLabels(controller.uid, pod.metadata.labels)]
  },
  isSame: (pod, old) => hasSameOwners(pod, old) && hasSameLabels(pod, old) && areBothActiveOrNot(pod, old),
}

export function ownedWithLabels(uid: string, labels: Readonly<Record<string, string>> | undefined): string {
  return `${uid} ${labelsText(labels)}`
}

/** Ready pods of ReplicaSets and ReplicationControllers by controller and the second they became ready; see {@link ownedReadySince}. */
export const PODS_BY_READY_SECOND: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-by-ready-second',
  values: pod => {
    const controller = controllerOf(pod)
    if (!controller || !isReplicator(controller.kind) || !isPodActive(pod)) return NONE
    const since = readySince(pod)
    return since ? [ownedReadySince(controller.uid, since)] : NONE
  },
  isSame: (pod, old) =>
    hasSameOwners(pod, old) && areBothActiveOrNot(pod, old) && readySince(pod) === readySince(old),
}

export function ownedReadySince(uid: string, time: string): string {
  return `${uid} ${time}`
}

/** Active pods that nobody controls, by label anchor: candidates for adoption. */
export const ORPHAN_PODS: CacheIndex<Pod> = {
  kind: Pods,
  name: 'orphan-pods',
  values: pod =>
    controllerOf(pod) || !isPodActive(pod) ? NONE : labelAnchors(pod.metadata.namespace, pod.metadata.labels),
  isSame: (pod, old) =>
    hasSameOwners(pod, old) &&
    (controllerOf(pod) !== undefined || (hasSameLabels(pod, old) && areBothActiveOrNot(pod, old))),
}

function isReplicator(kind: string): boolean {
  return kind === 'ReplicaSet' || kind === 'ReplicationController'
}

function hasSameOwners(pod: Pod, old: Pod): boolean {
  return pod.metadata.ownerReferences === old.metadata.ownerReferences
}

function hasSameLabels(pod: Pod, old: Pod): boolean {
  return pod.metadata.labels === old.metadata.labels
}

function areBothActiveOrNot(pod: Pod, old: Pod): boolean {
  return isPodActive(pod) === isPodActive(old)
}
