/**
 * Lets go of a deleted claim once no pod that has a node uses it. Mirrors `pkg/controller/volume/pvcprotection`;
 * believes its cache, where upstream asks the API server once more.
 */
import { type PersistentVolumeClaim, PersistentVolumeClaims, type Pod, Pods } from '../../api/index.ts'
import { type CacheIndex, type Controller, DONE } from '../../client/index.ts'
import { withoutFinalizer } from '../shared/finalizers.ts'

const FINALIZER = 'kubernetes.io/pvc-protection'
const NONE: readonly string[] = Object.freeze([])

/** Scheduled pods by the claims they use. */
const PODS_BY_CLAIM: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-by-claim',
  values: pod => (pod.spec.nodeName ? claimsOf(pod) : NONE),
  isSame: (pod, old) => pod.spec.nodeName === old.spec.nodeName && pod.spec.volumes === old.spec.volumes,
}

function claimsOf(pod: Pod): readonly string[] {
  const { namespace, name } = pod.metadata
  let claims: string[] | undefined
  for (const volume of pod.spec.volumes ?? NO_VOLUMES) {
    const claim =
      volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${name}-${volume.name}` : undefined)
    if (claim === undefined) continue
    claims ??= []
    claims.push(`${namespace}/${claim}`)
  }
  return claims ?? NONE
}
const NO_VOLUMES: NonNullable<Pod['spec']['volumes']> = []

export const persistentVolumeClaimProtection: Controller<PersistentVolumeClaim> = {
  name: 'pvc-protection',
  eventSource: 'pvc-protection-controller',
  kind: PersistentVolumeClaims,
  isRelevant: claim => claim.metadata.deletionTimestamp !== undefined,
  watches: [
    {
      kind: Pods,
      keys: (pod: Pod, _old: Pod | undefined, event) => (event === 'DELETED' ? claimsOf(pod) : NONE),
    },
  ],
  indexes: [PODS_BY_CLAIM],
  workers: 1,
  reconcile(claim, view, key) {
    if (!claim?.metadata.deletionTimestamp || !claim.metadata.finalizers?.includes(FINALIZER)) return DONE
    return view.size(PODS_BY_CLAIM, key) > 0
      ? DONE
      : withoutFinalizer(PersistentVolumeClaims, claim, FINALIZER)
  },
}
