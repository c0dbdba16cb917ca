/** `kubectl get storageclasses`: the name tells the default class. */
import type { Column } from '../../define-kind.ts'
import { age } from '../../duration.ts'
import { column } from '../shared/columns.ts'
import type { StorageClass } from './types.ts'

const DEFAULT_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

export const storageClassColumns: readonly Column<StorageClass>[] = [
  {
    ...column<StorageClass>('Name', 'string', storageClass => {
      const { name } = storageClass.metadata
      return isDefaultClass(storageClass) ? `${name} (default)` : name
    }),
    format: 'name',
  },
  column('Provisioner', 'string', storageClass => storageClass.provisioner),
  column('ReclaimPolicy', 'string', storageClass => storageClass.reclaimPolicy ?? 'Delete'),
  column('VolumeBindingMode', 'string', storageClass => storageClass.volumeBindingMode ?? 'Immediate'),
  column('AllowVolumeExpansion', 'boolean', storageClass => storageClass.allowVolumeExpansion ?? false),
  column('Age', 'string', (storageClass, nowMs) => age(storageClass.metadata.creationTimestamp, nowMs)),
]

/** Claims that name no class get the default one. */
function isDefaultClass(storageClass: StorageClass): boolean {
  return DEFAULT_ANNOTATIONS.some(name => storageClass.metadata.annotations?.[name] === 'true')
}
