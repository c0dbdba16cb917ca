/** `kubectl get limitranges` */
import { defineKind } from '../../define-kind.ts'
import { limitRangeColumns } from './columns.ts'
import { limitRangeStrategy } from './strategy.ts'
import type { LimitRange } from './types.ts'

export const LimitRanges = defineKind<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.LimitRange',
  columnsAreComplete: true,
  columns: limitRangeColumns,
  strategy: limitRangeStrategy,
})
