/** `kubectl get storageclasses` */
import { defineKind } from '../../define-kind.ts'
import { storageClassColumns } from './columns.ts'
import { storageClassStrategy } from './strategy.ts'
import type { StorageClass } from './types.ts'

export const StorageClasses = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  isNamespaced: false,
  schema: 'io.k8s.api.storage.v1.StorageClass',
  columnsAreComplete: true,
  columns: storageClassColumns,
  strategy: storageClassStrategy,
})
