/** `kubectl get flowschemas` */
import { defineKind } from '../../define-kind.ts'
import { flowSchemaColumns } from './columns.ts'
import { flowSchemaStrategy } from './strategy.ts'
import type { FlowSchema } from './types.ts'

export const FlowSchemas = defineKind<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.flowcontrol.v1.FlowSchema',
  columnsAreComplete: true,
  columns: flowSchemaColumns,
  strategy: flowSchemaStrategy,
})
