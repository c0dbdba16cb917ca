/** `kubectl get poddisruptionbudgets` */
import { defineKind } from '../../define-kind.ts'
import { podDisruptionBudgetColumns } from './columns.ts'
import { podDisruptionBudgetStrategy } from './strategy.ts'
import type { PodDisruptionBudget } from './types.ts'

export const PodDisruptionBudgets = defineKind<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  columns: podDisruptionBudgetColumns,
  strategy: podDisruptionBudgetStrategy,
})
