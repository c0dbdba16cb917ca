/**
 * Keeps as many pods alive as a ReplicaSet asks for. Mirrors `pkg/controller/replicaset/replica_set.go`; differs
 * in counting its pods from indexes and in adopting or releasing pods in a reconcile of its own, before scaling.
 */
import { controllerOf, type Pod, Pods, REPLICASET, type ReplicaSet, ReplicaSets } from '../../api/index.ts'
import { type Controller, DONE, type Intent, type Outcome, type View } from '../../client/index.ts'
import { ownerKeys, selectorIndex } from '../shared/owner-keys.ts'
import {
  ORPHAN_PODS,
  PODS_BY_CONTROLLER,
  PODS_BY_OWNED_LABELS,
  PODS_BY_READY_SECOND,
} from '../shared/pod-indexes.ts'
import { creationEvents, podCreation, podDeletion } from '../shared/pod-intents.ts'
import { byDeletionOrder, countByNode } from '../shared/pod-ranking.ts'
import { isPodActive, isPodReady, readySince } from '../shared/pod-state.ts'
import { podFromTemplate } from '../shared/pod-template.ts'
import { REPLICASETS_BY_CONTROLLER } from '../shared/replicaset-indexes.ts'
import { activePods, claims, takeCensus } from './census.ts'
import { type Failure, type Owners, statusUpdate } from './status.ts'

const REPLICASETS_BY_SELECTOR = selectorIndex(ReplicaSets)

export const replicaSetController: Controller<ReplicaSet> = {
  name: 'replicaset',
  eventSource: 'replicaset-controller',
  kind: ReplicaSets,
  watches: [{ kind: Pods, keys: ownerKeys(ReplicaSets, REPLICASETS_BY_SELECTOR, isCountedOtherwise) }],
  indexes: [
    PODS_BY_CONTROLLER,
    PODS_BY_OWNED_LABELS,
    PODS_BY_READY_SECOND,
    ORPHAN_PODS,
    REPLICASETS_BY_CONTROLLER,
    REPLICASETS_BY_SELECTOR,
  ],
  expects: [Pods],
  reconcile,
}

/** The kind itself, as {@link reconcileReplicas} asks for it. */
const OWNERS: Owners = { kind: ReplicaSets, withStatus: (replicaSet, status) => ({ ...replicaSet, status }) }

/** Whether the pod changed in what a ReplicaSet counts; binding and starting containers change nothing. */
export function isCountedOtherwise(pod: Pod, old: Pod | undefined): boolean {
  if (!old) return isPodActive(pod)
  return (
    isPodActive(pod) !== isPodActive(old) ||
    isPodReady(pod) !== isPodReady(old) ||
    readySince(pod) !== readySince(old)
  )
}

function reconcile(replicaSet: ReplicaSet | undefined, view: View): Outcome {
  return replicaSet ? reconcileReplicas(OWNERS, replicaSet, view) : DONE
}

/** What every kind that keeps a number of pods does; `replicaSet` is an object of that kind in a ReplicaSet's terms. */
export function reconcileReplicas(owners: Owners, replicaSet: ReplicaSet, view: View): Outcome {
  const claimed = claims(owners.kind, replicaSet, view)
  if (claimed.length > 0) return { intents: claimed }
  const census = takeCensus(replicaSet, view)
  const missing = replicaSet.metadata.deletionTimestamp ? 0 : (replicaSet.spec.replicas ?? 1) - census.active
  const intents: Intent[] = []
  if (missing !== 0) {
    const isCreating = missing > 0
    const reason: Failure['reason'] = isCreating ? 'FailedCreate' : 'FailedDelete'
    intents.push({
      do: 'batch',
      slowStart: isCreating,
      intents: isCreating ? creations(owners, replicaSet, missing) : deletions(replicaSet, -missing, view),
      onRefusal: refusal =>
        statusUpdate(owners, replicaSet, census, view.timestamp, { reason, message: refusal.message ?? '' }),
    })
  }
  intents.push(...statusUpdate(owners, replicaSet, census, view.timestamp))
  return { intents, requeueAfterMs: census.nextAvailableInMs }
}

function creations({ kind }: Owners, replicaSet: ReplicaSet, missing: number): Intent[] {
  const { template } = replicaSet.spec
  if (!template) return []
  const events = creationEvents(replicaSet)
  return Array.from({ length: Math.min(missing, REPLICASET.burstReplicas) }, () =>
    podCreation(podFromTemplate(kind, replicaSet, template), events),
  )
}

function deletions(replicaSet: ReplicaSet, surplus: number, view: View): Intent[] {
  return podsToDelete(replicaSet, Math.min(surplus, REPLICASET.burstReplicas), view).map(pod =>
    podDeletion(replicaSet, pod),
  )
}

function podsToDelete(replicaSet: ReplicaSet, count: number, view: View): readonly Pod[] {
  const pods = activePods(replicaSet, view)
  if (count >= pods.length) return pods
  return byDeletionOrder(pods, view.nowMs, countByNode(relatedPods(replicaSet, pods, view))).slice(0, count)
}

/** The active pods of all ReplicaSets with the same controller, this one's included. */
function* relatedPods(replicaSet: ReplicaSet, own: readonly Pod[], view: View): Iterable<Pod> {
  yield* own
  const owner = controllerOf(replicaSet)
  if (!owner) return
  for (const sibling of view.list(REPLICASETS_BY_CONTROLLER, owner.uid)) {
    if (sibling.metadata.uid === replicaSet.metadata.uid) continue
    yield* activePods(sibling, view)
  }
}
