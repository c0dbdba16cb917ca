/** `kubectl get persistentvolumes` */
import { defineKind } from '../../define-kind.ts'
import { persistentVolumeColumns } from './columns.ts'
import { persistentVolumeStrategy } from './strategy.ts'
import type { PersistentVolume } from './types.ts'

export const PersistentVolumes = defineKind<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  columns: persistentVolumeColumns,
  strategy: persistentVolumeStrategy,
})
