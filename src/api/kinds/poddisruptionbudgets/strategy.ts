/** How PodDisruptionBudgets are created and changed. Mirrors pkg/registry/policy and pkg/apis/policy/validation. */
import type { PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported } from '../../field-error.ts'
import { isDns1123Subdomain, validateLabelSelector } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkAtMostAll, checkCountOrPercent, checkCounts } from '../shared/rules.ts'
import type { PodDisruptionBudget } from './types.ts'

/** Counts are no pointers upstream: they are there from the first. */
const NO_STATUS: PodDisruptionBudgetStatus = Object.freeze({
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
})

const POLICIES = ['AlwaysAllow', 'IfHealthyBudget']

export const podDisruptionBudgetStrategy: Strategy<PodDisruptionBudget> = {
  prepareForCreate: budget => ({ ...budget, status: NO_STATUS }),
  validate: budget => [...checkMetadata(budget, isDns1123Subdomain), ...validateSpec(budget.spec ?? {})],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec ?? {})]
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const
    return next.status === old.status ? errors : [...errors, ...checkCounts(next.status, counts, 'status')]
  },
  allowsUnconditionalUpdate: false,
}

function validateSpec(spec: PodDisruptionBudgetSpec): FieldError[] {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set'))
  }
  if (minAvailable !== undefined) errors.push(...checkShare(minAvailable, 'spec.minAvailable'))
  if (maxUnavailable !== undefined) errors.push(...checkShare(maxUnavailable, 'spec.maxUnavailable'))
  if (policy !== undefined && !POLICIES.includes(policy)) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, POLICIES))
  }
  return [...errors, ...validateLabelSelector(spec.selector, 'spec.selector')]
}

function checkShare(value: number | string, path: string): FieldError[] {
  return [...checkCountOrPercent(value, path), ...checkAtMostAll(value, path)]
}
