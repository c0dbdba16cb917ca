/**
 * Who controls what: owner references, and the patches by which a controller adopts matching orphans and
 * releases what no longer matches. Mirrors `pkg/controller/controller_ref_manager.go`.
 */
import type { LabelSelector, OwnerReference } from 'kubernetes-types/meta/v1.js'
import { type AnyKind, controllerOf, type KindDefinition, type KubeObject } from '../../api/index.ts'
import type { CacheIndex, Intent, View } from '../../client/index.ts'
import { isEmptySelector, matcherOf, selectorAnchor } from './label-anchors.ts'

/** The reference by which `owner` controls; upstream's `NewControllerRef`. */
export function controllerRef(kind: AnyKind, owner: KubeObject): OwnerReference {
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Gives `object` to `owner`; the uid guards against another object of the same name. */
function adopt(objectKind: AnyKind, object: KubeObject, ownerKind: AnyKind, owner: KubeObject): Intent {
  return patchOwners(objectKind, object, controllerRef(ownerKind, owner))
}

/** Takes `object` from `owner`. */
function release(objectKind: AnyKind, object: KubeObject, owner: KubeObject): Intent {
  return patchOwners(objectKind, object, { $patch: 'delete', uid: owner.metadata.uid })
}

function patchOwners(kind: AnyKind, object: KubeObject, reference: object): Intent {
  return {
    do: 'patch',
    kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    patch: { metadata: { ownerReferences: [reference], uid: object.metadata.uid } },
    options: { patchType: 'strategic' },
    isFineIfGone: true,
  }
}

/** A workload with a selector. */
export type Selecting = KubeObject & { readonly spec: { readonly selector?: LabelSelector } }

/** Patches that adopt orphans found in an index by label anchors; none when the owner is being deleted. */
export function adoptions<T extends KubeObject>(
  orphans: CacheIndex<T>,
  ownerKind: AnyKind,
  owner: Selecting,
  view: View,
): Intent[] {
  const selector = owner.spec.selector
  if (owner.metadata.deletionTimestamp || !selector || isEmptySelector(selector)) return []
  const anchor = selectorAnchor(owner.metadata.namespace, selector)
  if (view.size(orphans, anchor) === 0) return []
  const { matches } = matcherOf(selector)
  return view
    .list(orphans, anchor)
    .filter(object => !object.metadata.deletionTimestamp && matches(object.metadata.labels))
    .map(object => adopt(orphans.kind, object, ownerKind, owner))
}

/** Patches that release objects which `owner` controls but no longer selects. */
export function releases<T extends KubeObject>(
  owned: readonly T[],
  ownedKind: AnyKind,
  owner: Selecting,
): Intent[] {
  const selector = owner.spec.selector
  if (owner.metadata.deletionTimestamp || !selector) return []
  if (owned.length === 0) return []
  const { matches } = matcherOf(selector)
  return owned
    .filter(object => !object.metadata.deletionTimestamp && !matches(object.metadata.labels))
    .map(object => release(ownedKind, object, owner))
}

/** The workload of `kind` that controls the object, if the cache still has that very one. */
export function controllerIn<T extends KubeObject>(
  view: View,
  object: KubeObject,
  kind: KindDefinition<T>,
): T | undefined {
  const controller = controllerOf(object)
  if (controller?.kind !== kind.kind || controller.apiVersion !== kind.apiVersion) return undefined
  const owner = view.get(kind, object.metadata.namespace ?? '', controller.name)
  return owner?.metadata.uid === controller.uid ? owner : undefined
}
