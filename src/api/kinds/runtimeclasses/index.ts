/** `kubectl get runtimeclasses` */
import { defineKind } from '../../define-kind.ts'
import { runtimeClassColumns } from './columns.ts'
import { runtimeClassStrategy } from './strategy.ts'
import type { RuntimeClass } from './types.ts'

export const RuntimeClasses = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  isNamespaced: false,
  schema: 'io.k8s.api.node.v1.RuntimeClass',
  columns: runtimeClassColumns,
  strategy: runtimeClassStrategy,
})
