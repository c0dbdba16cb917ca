/**
 * Moves pods from one ReplicaSet to the next as a Deployment's template changes. Mirrors
 * `pkg/controller/deployment`; differs in that a reconcile ends after a write that makes its caches stale, where
 * upstream runs into the conflict and is requeued.
 */
import { type Deployment, Deployments, type Pod, Pods, ReplicaSets } from '../../api/index.ts'
import {
  type Controller,
  DONE,
  type Intent,
  type Outcome,
  type View,
  type Watch,
} from '../../client/index.ts'
import { adoptions, controllerIn, releases } from '../shared/controller-ref.ts'
import { isEmptySelector } from '../shared/label-anchors.ts'
import { ownerKeys, selectorIndex } from '../shared/owner-keys.ts'
import { PODS_BY_CONTROLLER } from '../shared/pod-indexes.ts'
import { ORPHAN_REPLICASETS, REPLICASETS_BY_CONTROLLER } from '../shared/replicaset-indexes.ts'
import { pausedStatus } from './conditions.ts'
import { findReplicaSets } from './revisions.ts'
import { rollOut, scaleOnly } from './rollout.ts'
import { plainStatus, statusWrite } from './status.ts'

const DEPLOYMENTS_BY_SELECTOR = selectorIndex(Deployments)

export const deploymentController: Controller<Deployment> = {
  name: 'deployment',
  eventSource: 'deployment-controller',
  kind: Deployments,
  watches: [
    { kind: ReplicaSets, keys: ownerKeys(Deployments, DEPLOYMENTS_BY_SELECTOR) },
    { kind: Pods, keys: lastPodGone },
  ],
  indexes: [PODS_BY_CONTROLLER, REPLICASETS_BY_CONTROLLER, ORPHAN_REPLICASETS, DEPLOYMENTS_BY_SELECTOR],
  expects: [ReplicaSets],
  reconcile,
}

/** Recreate waits for the last pod of the old ReplicaSets to be gone; nothing else in a pod concerns it. */
function lastPodGone(...[pod, , event, view]: Parameters<Watch<Pod>['keys']>): readonly string[] {
  if (event !== 'DELETED') return []
  const replicaSet = controllerIn(view, pod, ReplicaSets)
  if (!replicaSet || view.size(PODS_BY_CONTROLLER, replicaSet.metadata.uid) > 1) return []
  const deployment = controllerIn(view, replicaSet, Deployments)
  if (deployment?.spec.strategy?.type !== 'Recreate') return []
  return [`${deployment.metadata.namespace}/${deployment.metadata.name}`]
}

function reconcile(deployment: Deployment | undefined, view: View): Outcome {
  if (!deployment) return DONE
  if (isEmptySelector(deployment.spec.selector)) return { intents: selectsEverything(deployment) }
  const claimed = claims(deployment, view)
  if (claimed.length > 0) return { intents: claimed }

  const replicaSets = findReplicaSets(
    deployment,
    view.list(REPLICASETS_BY_CONTROLLER, deployment.metadata.uid),
  )
  if (deployment.metadata.deletionTimestamp) {
    return { intents: statusWrite(deployment, plainStatus(deployment, replicaSets, view.timestamp)) }
  }
  const paused = pausedStatus(deployment, view.timestamp)
  if (paused) return { intents: statusWrite(deployment, paused) }
  return deployment.spec.paused
    ? scaleOnly(deployment, replicaSets, view)
    : rollOut(deployment, replicaSets, view)
}

function claims(deployment: Deployment, view: View): Intent[] {
  const owned = view.list(REPLICASETS_BY_CONTROLLER, deployment.metadata.uid)
  return [
    ...adoptions(ORPHAN_REPLICASETS, Deployments, deployment, view),
    ...releases(owned, ReplicaSets, deployment),
  ]
}

function selectsEverything(deployment: Deployment): Intent[] {
  const { generation } = deployment.metadata
  const complaint: Intent = {
    do: 'event',
    about: deployment,
    type: 'Warning',
    reason: 'SelectingAll',
    message: 'This deployment is selecting all pods. A non-empty selector is required.',
  }
  if ((deployment.status.observedGeneration ?? 0) >= (generation ?? 0)) return [complaint]
  return [complaint, ...statusWrite(deployment, { ...deployment.status, observedGeneration: generation })]
}
