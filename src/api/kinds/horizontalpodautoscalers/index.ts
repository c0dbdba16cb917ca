/** `kubectl get horizontalpodautoscalers` */
import { defineKind } from '../../define-kind.ts'
import { horizontalPodAutoscalerColumns } from './columns.ts'
import { horizontalPodAutoscalerStrategy } from './strategy.ts'
import type { HorizontalPodAutoscaler } from './types.ts'

export const HorizontalPodAutoscalers = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  columns: horizontalPodAutoscalerColumns,
  strategy: horizontalPodAutoscalerStrategy,
})
