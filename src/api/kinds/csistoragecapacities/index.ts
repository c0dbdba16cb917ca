/** `kubectl get csistoragecapacities` */
import { defineKind } from '../../define-kind.ts'
import { csiStorageCapacityColumns } from './columns.ts'
import { csiStorageCapacityStrategy } from './strategy.ts'
import type { CSIStorageCapacity } from './types.ts'

export const CSIStorageCapacities = defineKind<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  singular: 'csistoragecapacity',
  isNamespaced: true,
  schema: 'io.k8s.api.storage.v1.CSIStorageCapacity',
  columnsAreComplete: true,
  columns: csiStorageCapacityColumns,
  strategy: csiStorageCapacityStrategy,
})
