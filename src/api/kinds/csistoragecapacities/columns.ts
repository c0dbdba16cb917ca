/** `kubectl get csistoragecapacities`: without an age. */
import type { Column } from '../../define-kind.ts'
import { column, nameColumn } from '../shared/columns.ts'
import type { CSIStorageCapacity } from './types.ts'

export const csiStorageCapacityColumns: readonly Column<CSIStorageCapacity>[] = [
  nameColumn(),
  column('StorageClassName', 'string', capacity => capacity.storageClassName ?? ''),
  column('Capacity', 'string', capacity => capacity.capacity ?? ''),
]
