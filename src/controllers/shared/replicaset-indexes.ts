/** How Deployments find their ReplicaSets, and ReplicaSets their siblings. */
import { controllerOf, type ReplicaSet, ReplicaSets } from '../../api/index.ts'
import type { CacheIndex } from '../../client/index.ts'
import { labelAnchors } from './label-anchors.ts'

const NONE: readonly string[] = Object.freeze([])

/** ReplicaSets by the uid of their controller. */
export const REPLICASETS_BY_CONTROLLER: CacheIndex<ReplicaSet> = {
  kind: ReplicaSets,
  name: 'replicasets-by-controller',
  values: replicaSet => {
    const controller = controllerOf(replicaSet)
    return controller ? [controller.uid] : NONE
  },
  isSame: hasSameOwners,
}

/** ReplicaSets that nobody controls, by label anchor: candidates for adoption. */
export const ORPHAN_REPLICASETS: CacheIndex<ReplicaSet> = {
  kind: ReplicaSets,
  name: 'orphan-replicasets',
  values: replicaSet =>
    controllerOf(replicaSet) ? NONE : labelAnchors(replicaSet.metadata.namespace, replicaSet.metadata.labels),
  isSame: (replicaSet, old) =>
    hasSameOwners(replicaSet, old) &&
    (controllerOf(replicaSet) !== undefined || replicaSet.metadata.labels === old.metadata.labels),
}

function hasSameOwners(replicaSet: ReplicaSet, old: ReplicaSet): boolean {
  return replicaSet.metadata.ownerReferences === old.metadata.ownerReferences
}
