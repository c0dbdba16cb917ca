/** `kubectl get persistentvolumes` */
import type { Column } from '../../define-kind.ts'
import { column, UNSET, wideColumn } from '../shared/columns.ts'
import { accessModesText, storageClassName } from '../shared/storage-columns.ts'
import type { PersistentVolume } from './types.ts'

export const persistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  column('Capacity', 'string', volume => volume.spec.capacity?.storage ?? '0'),
  column('Access Modes', 'string', volume => accessModesText(volume.spec.accessModes)),
  column('Reclaim Policy', 'string', volume => volume.spec.persistentVolumeReclaimPolicy ?? ''),
  column('Status', 'string', ({ metadata, status }) => {
    return metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? '')
  }),
  column('Claim', 'string', ({ spec: { claimRef } }) => {
    return claimRef ? `${claimRef.namespace}/${claimRef.name}` : ''
  }),
  column('StorageClass', 'string', volume => storageClassName(volume)),
  column('VolumeAttributesClass', 'string', volume => volume.spec.volumeAttributesClassName || UNSET),
  column('Reason', 'string', volume => volume.status.reason ?? ''),
  wideColumn('VolumeMode', volume => volume.spec.volumeMode ?? UNSET),
]
