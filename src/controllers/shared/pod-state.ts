/**
 * What controllers ask of a pod; mirrors `pkg/api/v1/pod` and the predicates of `pkg/controller/controller_utils.go`.
 */
import { findCondition, isConditionTrue, type Pod } from '../../api/index.ts'

/** Neither finished nor being deleted: it counts as a replica. */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined
}

export function isPodFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
}

/** Being deleted and not finished yet. */
export function isPodTerminating(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp !== undefined
}

export function isPodReady(pod: Pod): boolean {
  return isConditionTrue(pod, 'Ready')
}

/** Since when it is ready (RFC 3339, whole seconds), or undefined when it is not. */
export function readySince(pod: Pod): string | undefined {
  const ready = findCondition(pod, 'Ready')
  return ready?.status === 'True' ? ready.lastTransitionTime : undefined
}

/** The first millisecond at which the pod counts as available, Infinity while it is not ready. */
export function availableFromMs(pod: Pod, minReadySeconds: number): number {
  if (!isPodReady(pod)) return Number.POSITIVE_INFINITY
  if (minReadySeconds === 0) return 0
  const since = readySince(pod)
  return since ? Date.parse(since) + minReadySeconds * 1000 + 1 : Number.POSITIVE_INFINITY
}

export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  return availableFromMs(pod, minReadySeconds) <= nowMs
}

/** The most often any of its containers restarted. */
export function maxRestarts(pod: Pod): number {
  let most = 0
  for (const container of pod.status.containerStatuses ?? []) most = Math.max(most, container.restartCount)
  return most
}
