/** `kubectl get podmetrics`, and `kubectl top pods`. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import { usageColumns } from '../shared/usage.ts'
import type { PodMetrics } from './types.ts'

export const PodMetricses = defineKind<PodMetrics>({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: 'podmetrics',
  isNamespaced: true,
  isVirtual: true,
  verbs: ['get', 'list'],
  columnsAreComplete: true,
  columns: usageColumns(({ containers }) => containers.map(({ usage }) => usage)),
})
