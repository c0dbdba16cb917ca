/**
 * Keeps as many pods alive as a ReplicationController asks for. Mirrors `pkg/controller/replication`: a
 * ReplicationController is a ReplicaSet whose selector is a plain map, and is treated as one.
 */
import {
  memoiseByObject,
  Pods,
  type ReplicaSet,
  type ReplicationController,
  ReplicationControllers,
} from '../../api/index.ts'
import { type Controller, DONE } from '../../client/index.ts'
import { isCountedOtherwise, reconcileReplicas } from '../replicaset/index.ts'
import { ownerKeys, selectorIndexBy } from '../shared/owner-keys.ts'
import {
  ORPHAN_PODS,
  PODS_BY_CONTROLLER,
  PODS_BY_OWNED_LABELS,
  PODS_BY_READY_SECOND,
} from '../shared/pod-indexes.ts'
import { REPLICASETS_BY_CONTROLLER } from '../shared/replicaset-indexes.ts'

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({})

const selectorFor = memoiseByObject((labels: Readonly<Record<string, string>>) => ({ matchLabels: labels }))

const BY_SELECTOR = selectorIndexBy(ReplicationControllers, ({ spec }) =>
  selectorFor(spec.selector ?? NO_LABELS),
)

export const replicationController: Controller<ReplicationController> = {
  name: 'replicationcontroller',
  eventSource: 'replication-controller',
  kind: ReplicationControllers,
  watches: [{ kind: Pods, keys: ownerKeys(ReplicationControllers, BY_SELECTOR, isCountedOtherwise) }],
  indexes: [
    PODS_BY_CONTROLLER,
    PODS_BY_OWNED_LABELS,
    PODS_BY_READY_SECOND,
    ORPHAN_PODS,
    REPLICASETS_BY_CONTROLLER,
    BY_SELECTOR,
  ],
  expects: [Pods],
  reconcile: (controller, view) =>
    controller ? reconcileReplicas(OWNERS, asReplicaSet(controller), view) : DONE,
}

const OWNERS: Parameters<typeof reconcileReplicas>[0] = {
  kind: ReplicationControllers,
  withStatus: (replicaSet, status) => {
    const { selector, ...spec } = replicaSet.spec
    return { ...replicaSet, spec: { ...spec, selector: selector.matchLabels }, status }
  },
}

function asReplicaSet(controller: ReplicationController): ReplicaSet {
  const { selector = NO_LABELS, ...spec } = controller.spec
  return { ...controller, spec: { ...spec, selector: selectorFor(selector) } } as ReplicaSet
}
