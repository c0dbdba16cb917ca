/** `kubectl get configmaps` */
import { defineKind } from '../../define-kind.ts'
import { configMapColumns } from './columns.ts'
import { configMapStrategy } from './strategy.ts'
import type { ConfigMap } from './types.ts'

export const ConfigMaps = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.ConfigMap',
  columns: configMapColumns,
  strategy: configMapStrategy,
})
