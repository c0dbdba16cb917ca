/** `kubectl get nodemetrics`, and `kubectl top nodes`. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import { usageColumns } from '../shared/usage.ts'
import type { NodeMetrics } from './types.ts'

export const NodeMetricses = defineKind<NodeMetrics>({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: 'nodemetrics',
  isNamespaced: false,
  isVirtual: true,
  verbs: ['get', 'list'],
  columnsAreComplete: true,
  columns: usageColumns(({ usage }) => [usage]),
})
