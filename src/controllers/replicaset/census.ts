/** How many pods a ReplicaSet has, counted from indexes; pods are read only where their labels were meddled with. */
import { type AnyKind, labelSelector, type Pod, Pods, type ReplicaSet } from '../../api/index.ts'
import type { Intent, View } from '../../client/index.ts'
import { formatTime } from '../../sim/index.ts'
import { adoptions, releases } from '../shared/controller-ref.ts'
import {
  ORPHAN_PODS,
  ownedReadySince,
  ownedWithLabels,
  PODS_BY_CONTROLLER,
  PODS_BY_OWNED_LABELS,
  PODS_BY_READY_SECOND,
} from '../shared/pod-indexes.ts'
import { isPodActive } from '../shared/pod-state.ts'

export interface Census {
  /** Neither finished nor being deleted. */
  readonly active: number
  readonly ready: number
  /** Ready for at least minReadySeconds. */
  readonly available: number
  /** Active, with all labels of the template. */
  readonly fullyLabeled: number
  /** In how many ms the next ready pod becomes available; undefined when none is on its way. */
  readonly nextAvailableInMs: number | undefined
}

/** Patches that adopt matching orphans and release pods that no longer match; usually none. */
export function claims(owners: AnyKind, replicaSet: ReplicaSet, view: View): Intent[] {
  const adopted = adoptions(ORPHAN_PODS, owners, replicaSet, view)
  if (hasOnlyTemplateLabels(replicaSet, view)) return adopted
  return [...adopted, ...releases(activePods(replicaSet, view), Pods, replicaSet)]
}

export function takeCensus(replicaSet: ReplicaSet, view: View): Census {
  const { uid } = replicaSet.metadata
  const active = view.sum(PODS_BY_CONTROLLER, uid, 'active')
  const ready = view.sum(PODS_BY_CONTROLLER, uid, 'ready')
  const waiting = countWaiting(replicaSet, view)
  return {
    active,
    ready,
    available: ready - waiting.pods,
    fullyLabeled: hasOnlyTemplateLabels(replicaSet, view) ? active : countFullyLabeled(replicaSet, view),
    nextAvailableInMs: waiting.nextInMs,
  }
}

export function activePods(replicaSet: ReplicaSet, view: View): Pod[] {
  return view.list(PODS_BY_CONTROLLER, replicaSet.metadata.uid).filter(isPodActive)
}

/** True in all but rare cases: every active pod has exactly the labels it was made with. */
function hasOnlyTemplateLabels(replicaSet: ReplicaSet, view: View): boolean {
  const { uid } = replicaSet.metadata
  const asMade = ownedWithLabels(uid, replicaSet.spec.template?.metadata?.labels)
  return view.size(PODS_BY_OWNED_LABELS, asMade) === view.sum(PODS_BY_CONTROLLER, uid, 'active')
}

function countFullyLabeled(replicaSet: ReplicaSet, view: View): number {
  const { matches } = labelSelector({ matchLabels: replicaSet.spec.template?.metadata?.labels ?? {} })
  return activePods(replicaSet, view).filter(pod => matches(pod.metadata.labels)).length
}

/** Pods ready for less than minReadySeconds: counted by the second in which they became ready. */
function countWaiting(replicaSet: ReplicaSet, view: View): { pods: number; nextInMs: number | undefined } {
  const minReadyMs = (replicaSet.spec.minReadySeconds ?? 0) * 1000
  let pods = 0
  let nextInMs: number | undefined
  if (minReadyMs === 0) return { pods, nextInMs }
  const newestMs = Math.floor(view.nowMs / 1000) * 1000
  for (let sinceMs = newestMs; sinceMs + minReadyMs >= view.nowMs; sinceMs -= 1000) {
    const since = ownedReadySince(replicaSet.metadata.uid, formatTime(sinceMs))
    const count = view.size(PODS_BY_READY_SECOND, since)
    if (count === 0) continue
    pods += count
    nextInMs = sinceMs + minReadyMs + 1 - view.nowMs
  }
  return { pods, nextInMs }
}
