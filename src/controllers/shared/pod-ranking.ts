/**
 * Which pods to delete first when there are too many; mirrors `ActivePodsWithRanks` of
 * `pkg/controller/controller_utils.go`.
 */
import type { Pod } from '../../api/index.ts'
import { isPodReady, maxRestarts, readySince } from './pod-state.ts'

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** What is compared of one pod, lowest first deleted; times in ms. */
interface Rank {
  readonly pod: Pod
  readonly keys: readonly number[]
  readonly readyMs: number | undefined
  readonly restarts: number
  readonly createdMs: number
}

/**
 * The pods in the order they should go. `podsOnNode` counts the related pods on a node (those of the same
 * Deployment, say): of pods that are otherwise equal, those doubled up on a node go first.
 */
export function byDeletionOrder(
  pods: readonly Pod[],
  nowMs: number,
  podsOnNode: ReadonlyMap<string, number> = NO_NODES,
): Pod[] {
  return pods
    .map(pod => rankOf(pod, podsOnNode))
    .sort((a, b) => compare(a, b, nowMs))
    .map(rank => rank.pod)
}
const NO_NODES: ReadonlyMap<string, number> = new Map()

/** How many of the pods there are on each node. */
export function countByNode(pods: Iterable<Pod>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const pod of pods) {
    const node = pod.spec.nodeName
    if (node) counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  return counts
}

function rankOf(pod: Pod, podsOnNode: ReadonlyMap<string, number>): Rank {
  const node = pod.spec.nodeName
  const isReady = isPodReady(pod)
  const since = isReady ? readySince(pod) : undefined
  return {
    pod,
    keys: [
      node ? 1 : 0,
      PHASES[pod.status.phase ?? 'Unknown'] ?? 1,
      isReady ? 1 : 0,
      deletionCost(pod),
      node ? -(podsOnNode.get(node) ?? 0) : 0,
    ],
    readyMs: since === undefined ? undefined : Date.parse(since),
    restarts: maxRestarts(pod),
    createdMs: Date.parse(pod.metadata.creationTimestamp),
  }
}

/** The annotation's whole number; 0 when absent or unusable, as upstream. */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST]
  if (text === undefined || !/^(0|-?[1-9]\d*)$/.test(text)) return 0
  return Number(text)
}

function compare(a: Rank, b: Rank, nowMs: number): number {
  for (let i = 0; i < a.keys.length; i++) {
    const difference = a.keys[i]! - b.keys[i]!
    if (difference !== 0) return difference
  }
  if (a.readyMs !== undefined && b.readyMs !== undefined && a.readyMs !== b.readyMs) {
    return byAgeBucket(a, b, a.readyMs, b.readyMs, nowMs)
  }
  if (a.restarts !== b.restarts) return b.restarts - a.restarts
  if (a.createdMs !== b.createdMs) return byAgeBucket(a, b, a.createdMs, b.createdMs, nowMs)
  return 0
}

/** Younger first, but ages of one power of two are alike: then the uid decides, which is as good as chance. */
function byAgeBucket(a: Rank, b: Rank, aMs: number, bMs: number, nowMs: number): number {
  const difference = ageBucket(nowMs - aMs) - ageBucket(nowMs - bMs)
  if (difference !== 0) return difference
  return a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1
}

/** floor(log2(age in nanoseconds)); -1 for no age. */
function ageBucket(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1e6)) : -1
}
