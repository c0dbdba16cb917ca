/** `kubectl get csinodes` */
import { defineKind } from '../../define-kind.ts'
import { csiNodeColumns } from './columns.ts'
import { csiNodeStrategy } from './strategy.ts'
import type { CSINode } from './types.ts'

export const CSINodes = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  singular: 'csinode',
  isNamespaced: false,
  schema: 'io.k8s.api.storage.v1.CSINode',
  columns: csiNodeColumns,
  strategy: csiNodeStrategy,
})
