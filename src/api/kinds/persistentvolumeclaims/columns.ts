/** `kubectl get persistentvolumeclaims` */
import type { Column } from '../../define-kind.ts'
import { column, UNSET, wideColumn } from '../shared/columns.ts'
import { accessModesText, storageClassName } from '../shared/storage-columns.ts'
import type { PersistentVolumeClaim } from './types.ts'

export const persistentVolumeClaimColumns: readonly Column<PersistentVolumeClaim>[] = [
  column('Status', 'string', ({ metadata, status }) => {
    return metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? '')
  }),
  column('Volume', 'string', claim => claim.spec.volumeName ?? ''),
  // Both are the bound volume's, so there is nothing to show before.
  column('Capacity', 'string', ({ spec, status }) => {
    return spec.volumeName ? (status.capacity?.storage ?? '0') : ''
  }),
  column('Access Modes', 'string', ({ spec, status }) => {
    return spec.volumeName ? accessModesText(status.accessModes) : ''
  }),
  column('StorageClass', 'string', claim => storageClassName(claim)),
  column('VolumeAttributesClass', 'string', claim => claim.spec.volumeAttributesClassName || UNSET),
  wideColumn('VolumeMode', claim => claim.spec.volumeMode ?? UNSET),
]
