/** `kubectl get configmaps` */
import { defineKind } from '../../define-kind.ts'
import type { ConfigMap } from './types.ts'

export const ConfigMaps = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  isNamespaced: true,
})
