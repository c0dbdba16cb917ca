/**
 * What to do next with the pods of a StatefulSet, in order: make and repair replicas, remove surplus ones, replace
 * outdated ones. Mirrors `updateStatefulSet` of `stateful_set_control.go`. With OrderedReady whatever is in the way
 * ends the step; with Parallel it does not.
 */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { type NewObject, type Pod, Pods, type StatefulSet } from '../../api/index.ts'
import type { Intent, OnRefusal, View } from '../../client/index.ts'
import { isPodFinished } from '../shared/pod-state.ts'
import { hasStaleClaim, missingClaims, retentionUpdates } from './claims.ts'
import { firstOrdinal, identityLabels, newPod, ordinalOf, podName, revisionOf } from './identity.ts'
import { isRunningAndAvailable, type Revisions } from './status.ts'

/** A StatefulSet's pods by what is to become of them. */
export interface Members {
  /** One place an ordinal, from the first; undefined where there is no pod. */
  readonly replicas: readonly (Pod | undefined)[]
  /** Pods beyond the replicas, highest ordinal first. */
  readonly condemned: readonly Pod[]
}

/** Both templates pods may be made from. */
export interface Templates {
  readonly current: PodTemplateSpec
  readonly update: PodTemplateSpec
}

export interface Step {
  readonly intents: readonly Intent[]
  /** A pod is being replaced by one of the update revision. */
  readonly isReplacing: boolean
}

export function membersOf(set: StatefulSet, pods: readonly Pod[]): Members {
  const first = firstOrdinal(set)
  const replicas: (Pod | undefined)[] = new Array(set.spec.replicas ?? 1).fill(undefined)
  const condemned: { readonly pod: Pod; readonly ordinal: number }[] = []
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod)
    if (ordinal === undefined) continue
    if (ordinal >= first && ordinal < first + replicas.length) replicas[ordinal - first] = pod
    else condemned.push({ pod, ordinal })
  }
  condemned.sort((a, b) => b.ordinal - a.ordinal)
  return { replicas, condemned: condemned.map(({ pod }) => pod) }
}

export function nextStep(
  set: StatefulSet,
  members: Members,
  revisions: Revisions,
  templates: Templates,
  view: View,
  onRefusal: OnRefusal,
): Step {
  const isParallel = set.spec.podManagementPolicy === 'Parallel'
  const tended = tendReplicas(set, members, revisions, templates, view, onRefusal)
  if (tended.isBlocked && !isParallel) return { intents: tended.intents, isReplacing: false }
  const removed = removeCondemned(set, members, view)
  const intents = [...tended.intents, ...removed.intents]
  if (removed.isBlocked && !isParallel) return { intents, isReplacing: false }
  const outdated = findOutdated(set, members, revisions, view)
  if (!outdated) return { intents, isReplacing: false }
  return { intents: [...intents, deletion(set, outdated)], isReplacing: true }
}

interface Part {
  readonly intents: readonly Intent[]
  /** Something has to happen before OrderedReady goes on. */
  readonly isBlocked: boolean
}

function tendReplicas(
  set: StatefulSet,
  { replicas }: Members,
  revisions: Revisions,
  templates: Templates,
  view: View,
  onRefusal: OnRefusal,
): Part {
  const isParallel = set.spec.podManagementPolicy === 'Parallel'
  const claims: Intent[] = []
  const creations: Intent[] = []
  const others: Intent[] = []
  let isBlocked = false
  for (const [index, pod] of replicas.entries()) {
    const ordinal = firstOrdinal(set) + index
    if (!pod) {
      isBlocked = true
      if (hasStaleClaim(set, ordinal, view)) {
        if (isParallel) continue
        break
      }
      claims.push(...missingClaims(set, ordinal, view))
      creations.push(creation(set, versionedPod(set, ordinal, revisions, templates)))
    } else if (isPodFinished(pod)) {
      isBlocked = true
      if (!pod.metadata.deletionTimestamp) others.push(deletion(set, pod))
    } else {
      if (pod.status.phase === 'Pending') claims.push(...missingClaims(set, ordinal, view))
      if (pod.metadata.deletionTimestamp || !isRunningAndAvailable(set, pod, view)) isBlocked = true
      if (isBlocked && !isParallel) break
      others.push(...repairs(set, pod, ordinal), ...retentionUpdates(set, ordinal, undefined, view))
    }
    if (isBlocked && !isParallel) break
  }
  return { intents: [...batch(claims, onRefusal), ...batch(creations, onRefusal), ...others], isBlocked }
}

function batch(intents: readonly Intent[], onRefusal: OnRefusal): Intent[] {
  return intents.length === 0 ? [] : [{ do: 'batch', slowStart: true, intents, onRefusal }]
}

/** Ordinals below the partition stay on the current revision. */
function versionedPod(
  set: StatefulSet,
  ordinal: number,
  revisions: Revisions,
  templates: Templates,
): NewObject<Pod> {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  const kept = rollingUpdate ? (rollingUpdate.partition ?? 0) : (set.status.currentReplicas ?? 0)
  const isKept = type !== 'OnDelete' && ordinal < firstOrdinal(set) + kept
  return isKept
    ? newPod(set, templates.current, revisions.current, ordinal)
    : newPod(set, templates.update, revisions.update, ordinal)
}

/** Gives a pod back the labels by which it is known. */
function repairs(set: StatefulSet, pod: Pod, ordinal: number): Intent[] {
  const labels = identityLabels(set, ordinal)
  if (Object.keys(labels).every(name => pod.metadata.labels?.[name] === labels[name])) return []
  return [
    {
      do: 'patch',
      kind: Pods,
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name,
      patch: { metadata: { uid: pod.metadata.uid, labels } },
      options: { patchType: 'merge' },
      event: event(set, 'update', pod.metadata.name),
    },
  ]
}

/** Removes surplus pods, highest ordinal first; OrderedReady one at a time, and only among healthy ones. */
function removeCondemned(set: StatefulSet, { replicas, condemned }: Members, view: View): Part {
  const isParallel = set.spec.podManagementPolicy === 'Parallel'
  const isUnavailable = (pod: Pod | undefined) =>
    !pod || pod.metadata.deletionTimestamp !== undefined || !isRunningAndAvailable(set, pod, view)
  const firstUnavailable = [...replicas, ...condemned.toReversed()].find(isUnavailable)
  const retained = condemned.flatMap(pod => retentionUpdates(set, ordinalOf(set, pod)!, pod, view))
  const deletions: Intent[] = []
  for (const pod of condemned) {
    const isTerminating = pod.metadata.deletionTimestamp !== undefined
    if (!isParallel && (isTerminating || (isUnavailable(pod) && pod !== firstUnavailable))) break
    if (!isTerminating) deletions.push(deletion(set, pod))
    if (!isParallel) break
  }
  return { intents: [...retained, ...deletions], isBlocked: condemned.length > 0 }
}

/** The pod with the highest ordinal that is not of the update revision, unless one above it is unavailable. */
function findOutdated(
  set: StatefulSet,
  { replicas }: Members,
  revisions: Revisions,
  view: View,
): Pod | undefined {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  if (type === 'OnDelete') return undefined
  for (let index = replicas.length - 1; index >= (rollingUpdate?.partition ?? 0); index--) {
    const pod = replicas[index]
    if (!pod) return undefined
    if (revisionOf(pod) !== revisions.update && !pod.metadata.deletionTimestamp) return pod
    if (pod.metadata.deletionTimestamp || !isRunningAndAvailable(set, pod, view)) return undefined
  }
  return undefined
}

function creation(set: StatefulSet, object: NewObject<Pod>): Intent {
  const name = object.metadata.name ?? podName(set, 0)
  return {
    do: 'create',
    kind: Pods,
    object,
    isFineIfExists: true,
    event: event(set, 'create', name),
    failureEvent: failureEvent(set, 'create', name),
  }
}

function deletion(set: StatefulSet, pod: Pod): Intent {
  const { name } = pod.metadata
  return {
    do: 'delete',
    kind: Pods,
    object: pod,
    event: event(set, 'delete', name),
    failureEvent: failureEvent(set, 'delete', name),
  }
}

const REASONS = { create: 'Create', update: 'Update', delete: 'Delete' } as const

function event(set: StatefulSet, verb: keyof typeof REASONS, pod: string) {
  return {
    do: 'event',
    about: set,
    type: 'Normal',
    reason: `Successful${REASONS[verb]}`,
    message: `${verb} Pod ${pod} in StatefulSet ${set.metadata.name} successful`,
  } as const
}

function failureEvent(set: StatefulSet, verb: keyof typeof REASONS, pod: string) {
  return {
    do: 'event',
    about: set,
    type: 'Warning',
    reason: `Failed${REASONS[verb]}`,
    message: `${verb} Pod ${pod} in StatefulSet ${set.metadata.name} failed error: {error}`,
  } as const
}
