/** Claims grow only where their class lets them. Mirrors `plugin/pkg/admission/storage/persistentvolume/resize`. */
import {
  compareQuantities,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  parseQuantity,
  StorageClasses,
  statuses,
} from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'

export const PERSISTENT_VOLUME_CLAIM_RESIZE: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',

  handles: (kind, operation, subresource) =>
    kind === PersistentVolumeClaims && operation === 'UPDATE' && subresource === '',

  validate(object, attributes, view) {
    const [claim, old] = [object as PersistentVolumeClaim, attributes.old as PersistentVolumeClaim]
    const [wanted, present] = [storageOf(claim), storageOf(old)]
    if (wanted === undefined || present === undefined || wanted === present) return undefined
    if (compareQuantities(parseQuantity(wanted), parseQuantity(present)) <= 0) return undefined
    const refused = (why: string) => ({
      refused: statuses.forbidden(PersistentVolumeClaims, attributes.name, why),
    })
    if (old.status?.phase !== 'Bound') return refused('Only bound persistent volume claims can be expanded')
    const name = old.spec.storageClassName
    const storageClass = name ? view.get(StorageClasses, '', name) : undefined
    if (storageClass?.allowVolumeExpansion) return undefined
    return refused(
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    )
  },
}

function storageOf(claim: PersistentVolumeClaim): string | undefined {
  return claim.spec?.resources?.requests?.storage
}
