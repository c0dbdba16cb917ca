/** `kubectl get persistentvolumeclaims` */
import { defineKind } from '../../define-kind.ts'
import { persistentVolumeClaimColumns } from './columns.ts'
import { persistentVolumeClaimStrategy } from './strategy.ts'
import type { PersistentVolumeClaim } from './types.ts'

export const PersistentVolumeClaims = defineKind<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  columns: persistentVolumeClaimColumns,
  strategy: persistentVolumeClaimStrategy,
})
