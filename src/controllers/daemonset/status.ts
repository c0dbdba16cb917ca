/** A DaemonSet's status: counts of nodes, each judged by its oldest pod. */
import type { DaemonSetStatus } from 'kubernetes-types/apps/v1.js'
import { type DaemonSet, DaemonSets, deepEqual } from '../../api/index.ts'
import type { Intent } from '../../client/index.ts'
import { availableFromMs, isPodReady } from '../shared/pod-state.ts'
import { eligibility, hashOf } from './daemon-pods.ts'
import type { Situation } from './manage.ts'

/** The write that brings the status up to date; none when it is. */
export function statusUpdate(situation: Situation, collisionCount: number): Intent[] {
  const { set } = situation
  const status = statusOf(situation, collisionCount)
  if (deepEqual(status, set.status)) return []
  return [{ do: 'update', kind: DaemonSets, object: { ...set, status } as DaemonSet, subresource: 'status' }]
}

/** In how many ms the next ready pod becomes available. */
export function nextAvailableInMs({ set, podsByNode, nowMs }: Situation): number | undefined {
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  if (minReadySeconds === 0) return undefined
  let soonestMs = Number.POSITIVE_INFINITY
  for (const pods of podsByNode.values()) {
    for (const pod of pods) {
      const waitMs = availableFromMs(pod, minReadySeconds) - nowMs
      if (waitMs > 0) soonestMs = Math.min(soonestMs, waitMs)
    }
  }
  return Number.isFinite(soonestMs) ? soonestMs : undefined
}

function statusOf(
  { set, nodes, podsByNode, hash, nowMs }: Situation,
  collisionCount: number,
): DaemonSetStatus {
  const status: DaemonSetStatus = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  }
  let [available, updated] = [0, 0]
  for (const node of nodes) {
    const [pod] = podsByNode.get(node.metadata.name) ?? []
    if (!eligibility(set, node).shouldRun) {
      if (pod) status.numberMisscheduled++
      continue
    }
    status.desiredNumberScheduled++
    if (!pod) continue
    status.currentNumberScheduled++
    if (isPodReady(pod)) status.numberReady++
    if (availableFromMs(pod, set.spec.minReadySeconds ?? 0) <= nowMs) available++
    if (hashOf(pod) === hash) updated++
  }
  if (set.metadata.generation) status.observedGeneration = set.metadata.generation
  if (updated > 0) status.updatedNumberScheduled = updated
  if (available > 0) status.numberAvailable = available
  const unavailable = status.desiredNumberScheduled - available
  if (unavailable > 0) status.numberUnavailable = unavailable
  if (collisionCount > 0) status.collisionCount = collisionCount
  if (set.status.conditions) status.conditions = set.status.conditions
  return status
}
