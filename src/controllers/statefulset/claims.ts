/**
 * The PersistentVolumeClaims of a StatefulSet's pods: made before the pod, kept after it unless the retention
 * policy says otherwise, by letting the claim be owned by the set or by the pod. Mirrors `stateful_pod_control.go`.
 */
import {
  deepEqual,
  type NewObject,
  type OwnerReference,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  type Pod,
  Pods,
  type StatefulSet,
  StatefulSets,
} from '../../api/index.ts'
import type { Intent, View } from '../../client/index.ts'
import { controllerRef } from '../shared/controller-ref.ts'
import { claimName, podName } from './identity.ts'

/** The claims of the ordinal's pod that do not exist. */
export function missingClaims(set: StatefulSet, ordinal: number, view: View): Intent[] {
  const pod = podName(set, ordinal)
  return claimsOf(set, ordinal)
    .filter(
      ({ metadata }) => !view.get(PersistentVolumeClaims, metadata.namespace ?? '', metadata.name ?? ''),
    )
    .map(object => ({
      do: 'create',
      kind: PersistentVolumeClaims,
      object,
      isFineIfExists: true,
      event: {
        do: 'event',
        about: set,
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `create Claim ${object.metadata.name} Pod ${pod} in StatefulSet ${set.metadata.name} success`,
      },
      failureEvent: {
        do: 'event',
        about: set,
        type: 'Warning',
        reason: 'FailedCreate',
        message: `create Claim ${object.metadata.name} for Pod ${pod} in StatefulSet ${set.metadata.name} failed error: {error}`,
      },
    }))
}

/** True while a claim of the ordinal's pod is being deleted, or belongs to a pod of the same name that is gone. */
export function hasStaleClaim(set: StatefulSet, ordinal: number, view: View): boolean {
  return claimsOf(set, ordinal).some(({ metadata }) => {
    const claim = view.get(PersistentVolumeClaims, metadata.namespace ?? '', metadata.name ?? '')
    if (!claim) return false
    if (claim.metadata.deletionTimestamp) return true
    return (claim.metadata.ownerReferences ?? []).some(({ kind, name, uid }) => {
      if (kind !== 'Pod' || name !== podName(set, ordinal)) return false
      return view.get(Pods, set.metadata.namespace ?? '', name)?.metadata.uid !== uid
    })
  })
}

/** Writes that make the retention policy's owners the owners of a pod's claims. */
export function retentionUpdates(
  set: StatefulSet,
  ordinal: number,
  condemned: Pod | undefined,
  view: View,
): Intent[] {
  const wanted = retentionOwners(set, condemned)
  const ours = new Set([set.metadata.uid, condemned?.metadata.uid])
  return claimsOf(set, ordinal).flatMap(({ metadata }): Intent[] => {
    const claim = view.get(PersistentVolumeClaims, metadata.namespace ?? '', metadata.name ?? '')
    if (!claim) return []
    const owners = claim.metadata.ownerReferences ?? []
    const others = owners.filter(owner => !ours.has(owner.uid) && owner.name !== podName(set, ordinal))
    const ownerReferences = [...others, ...wanted]
    if (deepEqual(owners, ownerReferences)) return []
    const object = { ...claim, metadata: { ...claim.metadata, ownerReferences } }
    return [{ do: 'update', kind: PersistentVolumeClaims, object }]
  })
}

function retentionOwners(set: StatefulSet, condemned: Pod | undefined): OwnerReference[] {
  const policy = set.spec.persistentVolumeClaimRetentionPolicy
  if (condemned && policy?.whenScaled === 'Delete') return [controllerRef(Pods, condemned)]
  return policy?.whenDeleted === 'Delete' ? [controllerRef(StatefulSets, set)] : []
}

function claimsOf(set: StatefulSet, ordinal: number): NewObject<PersistentVolumeClaim>[] {
  return (set.spec.volumeClaimTemplates ?? []).map(template => {
    const owners = retentionOwners(set, undefined)
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        ...template.metadata,
        name: claimName(set, template.metadata?.name ?? '', ordinal),
        namespace: set.metadata.namespace,
        labels: { ...template.metadata?.labels, ...set.spec.selector.matchLabels },
        ...(owners.length > 0 && { ownerReferences: owners }),
      },
      spec: template.spec ?? {},
      status: {},
    }
  })
}
