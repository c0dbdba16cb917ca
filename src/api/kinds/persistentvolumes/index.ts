/** `kubectl get persistentvolumes` */
import { defineKind } from '../../define-kind.ts'
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
})
