/** `kubectl get priorityclasses` */
import { defineKind } from '../../define-kind.ts'
import { priorityClassColumns } from './columns.ts'
import { priorityClassStrategy } from './strategy.ts'
import type { PriorityClass } from './types.ts'

export const PriorityClasses = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  isNamespaced: false,
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  columnsAreComplete: true,
  columns: priorityClassColumns,
  strategy: priorityClassStrategy,
})
