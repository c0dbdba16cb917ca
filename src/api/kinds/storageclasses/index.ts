/** `kubectl get storageclasses` */
import { defineKind } from '../../define-kind.ts'
import type { StorageClass } from './types.ts'

export const StorageClasses = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  isNamespaced: false,
})
