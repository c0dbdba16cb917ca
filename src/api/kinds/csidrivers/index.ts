/** `kubectl get csidrivers` */
import { defineKind } from '../../define-kind.ts'
import { csiDriverColumns } from './columns.ts'
import { csiDriverStrategy } from './strategy.ts'
import type { CSIDriver } from './types.ts'

export const CSIDrivers = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  singular: 'csidriver',
  isNamespaced: false,
  schema: 'io.k8s.api.storage.v1.CSIDriver',
  columns: csiDriverColumns,
  strategy: csiDriverStrategy,
})
