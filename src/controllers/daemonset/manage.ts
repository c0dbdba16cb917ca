/**
 * Which nodes need a pod and which pods should go: `manage` and `rollingUpdate` of `pkg/controller/daemon`, as
 * functions from what there is to what to do.
 */
import { DAEMONSET, type DaemonSet, type Node, type Pod, scaledValue } from '../../api/index.ts'
import type { EventIntent } from '../../client/index.ts'
import { isPodAvailable, isPodFinished, isPodReady } from '../shared/pod-state.ts'
import { eligibility, hashOf, nodeOf } from './daemon-pods.ts'

/** A DaemonSet, the nodes there are, and its pods by the node they are on or meant for. */
export interface Situation {
  readonly set: DaemonSet
  readonly nodes: readonly Node[]
  /** Oldest pod first on each node. */
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>
  /** The hash of the present template. */
  readonly hash: string
  readonly nowMs: number
}

export interface Plan {
  /** Names of nodes to make a pod for. */
  readonly create: readonly string[]
  readonly remove: readonly Pod[]
  /** Told before anything is done. */
  readonly events: readonly EventIntent[]
  /** When a failed pod may be replaced, if one waits. */
  readonly lookAgainInMs: number | undefined
}

/** Groups pods by node; finished ones that are being deleted count no more. */
export function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const groups = new Map<string, Pod[]>()
  for (const pod of [...pods].sort(byAge)) {
    const node = nodeOf(pod)
    if (node === undefined || (pod.metadata.deletionTimestamp && isPodFinished(pod))) continue
    const group = groups.get(node)
    if (group) group.push(pod)
    else groups.set(node, [pod])
  }
  return groups
}

/** Bound before unbound, then older first. */
function byAge(a: Pod, b: Pod): number {
  if (!a.spec.nodeName !== !b.spec.nodeName) return a.spec.nodeName ? -1 : 1
  if (a.metadata.creationTimestamp !== b.metadata.creationTimestamp) {
    return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1
  }
  return a.metadata.name < b.metadata.name ? -1 : 1
}

/** One pod on every node that should have one, none elsewhere. */
export function cover(situation: Situation): Plan {
  const create: string[] = []
  const remove: Pod[] = []
  const events: EventIntent[] = []
  let lookAgainInMs: number | undefined
  const known = new Set<string>()
  for (const node of situation.nodes) {
    const { name } = node.metadata
    known.add(name)
    const { shouldRun, mayStay } = eligibility(situation.set, node)
    const pods = situation.podsByNode.get(name)
    if (!pods) {
      if (shouldRun) create.push(name)
    } else if (!mayStay) {
      remove.push(...pods.filter(isStaying))
    } else {
      const living = pods.filter(pod => isStaying(pod) && !isPodFinished(pod))
      for (const pod of pods.filter(pod => isStaying(pod) && isPodFinished(pod))) {
        const waitMs = replacementWaitMs(pod, situation.nowMs)
        if (waitMs > 0) lookAgainInMs = Math.min(waitMs, lookAgainInMs ?? waitMs)
        else {
          remove.push(pod)
          events.push(finishedEvent(situation.set, pod, name))
        }
      }
      remove.push(...surplus(situation, living))
    }
  }
  for (const [node, pods] of situation.podsByNode) {
    if (!known.has(node)) remove.push(...pods.filter(pod => isStaying(pod) && !pod.spec.nodeName))
  }
  return { create, remove, events, lookAgainInMs }
}

function isStaying(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined
}

/** Failed pods are not replaced at once, or a kubelet that rejects them would be fought without a pause. */
function replacementWaitMs(pod: Pod, nowMs: number): number {
  if (pod.status.phase !== 'Failed') return 0
  return Date.parse(pod.metadata.creationTimestamp) + DAEMONSET.failedPodBackoffMs - nowMs
}

function finishedEvent(set: DaemonSet, pod: Pod, node: string): EventIntent {
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`
  return pod.status.phase === 'Failed'
    ? {
        do: 'event',
        about: set,
        type: 'Warning',
        reason: 'FailedDaemonPod',
        message: `Found failed daemon pod ${name} on node ${node}, will try to kill it`,
      }
    : {
        do: 'event',
        about: set,
        type: 'Normal',
        reason: 'SucceededDaemonPod',
        message: `Found succeeded daemon pod ${name} on node ${node}, will try to delete it`,
      }
}

/** All but the oldest; while surging, a new pod may stand beside a ready old one until it is available. */
function surplus(situation: Situation, living: readonly Pod[]): readonly Pod[] {
  if (living.length <= 1) return []
  if (limits(situation).maxSurge === 0) return living.slice(1)
  const fresh = living.find(pod => hashOf(pod) === situation.hash)
  const old = living.find(pod => hashOf(pod) !== situation.hash)
  const others = living.filter(pod => pod !== fresh && pod !== old)
  if (!fresh || !old) return others
  return isPodReady(old) && !isAvailable(situation, fresh) ? others : [...others, old]
}

/** The next replacements of a rolling update. */
export function roll(situation: Situation): Pick<Plan, 'create' | 'remove'> {
  if (situation.set.spec.updateStrategy?.type === 'OnDelete') return { create: [], remove: [] }
  const { maxSurge, maxUnavailable } = limits(situation)
  return maxSurge === 0 ? replace(situation, maxUnavailable) : surge(situation, maxSurge)
}

/** Old pods are removed, as many as may be unavailable; `cover` makes new ones. */
function replace(situation: Situation, maxUnavailable: number): Pick<Plan, 'create' | 'remove'> {
  const broken: Pod[] = []
  const candidates: Pod[] = []
  let unavailable = 0
  for (const node of situation.nodes) {
    const pods = situation.podsByNode.get(node.metadata.name)
    if (!pods) {
      if (eligibility(situation.set, node).shouldRun) unavailable++
      continue
    }
    const { fresh, old, isAmbiguous } = pairOn(situation, pods)
    if (isAmbiguous || !fresh === !old) unavailable++
    else if (fresh) unavailable += isAvailable(situation, fresh) ? 0 : 1
    else if (old && isAvailable(situation, old)) candidates.push(old)
    else if (old) {
      broken.push(old)
      unavailable++
    }
  }
  return {
    create: [],
    remove: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))],
  }
}

/** New pods are made beside old ones, as many as may surge; an old one goes when its successor is available. */
function surge(situation: Situation, maxSurge: number): Pick<Plan, 'create' | 'remove'> {
  const remove: Pod[] = []
  const urgent: string[] = []
  const candidates: string[] = []
  let surging = 0
  for (const node of situation.nodes) {
    const { name } = node.metadata
    const pods = situation.podsByNode.get(name)
    if (!pods || !eligibility(situation.set, node).shouldRun) continue
    const { fresh, old, isAmbiguous } = pairOn(situation, pods)
    if (isAmbiguous) surging++
    else if (!old) continue
    else if (!fresh) (isAvailable(situation, old) ? candidates : urgent).push(name)
    else if (isAvailable(situation, fresh)) remove.push(old)
    else surging++
  }
  return { create: [...urgent, ...candidates.slice(0, Math.max(0, maxSurge - surging))], remove }
}

/** The one pod of the present template and the one of another on a node; ambiguous when there are more. */
function pairOn(situation: Situation, pods: readonly Pod[]) {
  const staying = pods.filter(isStaying)
  const fresh = staying.filter(pod => hashOf(pod) === situation.hash)
  const old = staying.filter(pod => hashOf(pod) !== situation.hash)
  return { fresh: fresh[0], old: old[0], isAmbiguous: fresh.length > 1 || old.length > 1 }
}

function isAvailable({ set, nowMs }: Situation, pod: Pod): boolean {
  return isPodAvailable(pod, set.spec.minReadySeconds ?? 0, nowMs)
}

/** Both in pods, percentages of the nodes that should have one rounded up; never both 0. */
function limits({ set, nodes }: Situation): { maxSurge: number; maxUnavailable: number } {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  if (type === 'OnDelete') return { maxSurge: 0, maxUnavailable: 0 }
  const desired = nodes.filter(node => eligibility(set, node).shouldRun).length
  const maxSurge = scaledValue(rollingUpdate?.maxSurge ?? 0, desired, 'up')
  const maxUnavailable = scaledValue(rollingUpdate?.maxUnavailable ?? 1, desired, 'up')
  return { maxSurge, maxUnavailable: maxSurge === 0 ? Math.max(1, maxUnavailable) : maxUnavailable }
}
