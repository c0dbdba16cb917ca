/** The shape of a PodDisruptionBudget. */
import type { PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1.js'
import type { KubeObject } from '../../object.ts'

export interface PodDisruptionBudget extends KubeObject {
  spec: PodDisruptionBudgetSpec
  status: PodDisruptionBudgetStatus
}
