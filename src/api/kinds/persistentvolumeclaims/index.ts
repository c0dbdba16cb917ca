/** `kubectl get persistentvolumeclaims` */
import { defineKind } from '../../define-kind.ts'
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
})
