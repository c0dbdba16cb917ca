/** What a HorizontalPodAutoscaler must be like. Mirrors pkg/apis/autoscaling/validation. */
import type { HorizontalPodAutoscalerSpec, HPAScalingRules } from 'kubernetes-types/autoscaling/v2.js'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { validateNonNegative } from '../../validation/index.ts'
import { validateMetric, validateReference } from './metric-rules.ts'

const LONGEST_WINDOW_SECONDS = 3600
const LONGEST_PERIOD_SECONDS = 1800
const SELECT_POLICIES = ['Disabled', 'Max', 'Min']
const POLICY_TYPES = ['Percent', 'Pods']

export function validateHorizontalPodAutoscalerSpec(
  spec: Partial<HorizontalPodAutoscalerSpec>,
): FieldError[] {
  const errors: FieldError[] = []
  const { minReplicas, maxReplicas = 0, behavior } = spec
  if (minReplicas !== undefined && minReplicas < 1) {
    errors.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  }
  if (maxReplicas < 1) errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0'))
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    const detail = 'must be greater than or equal to `minReplicas`'
    errors.push(invalidValue('spec.maxReplicas', maxReplicas, detail))
  }
  errors.push(...validateReference(spec.scaleTargetRef, 'spec.scaleTargetRef'))
  spec.metrics?.forEach((metric, i) => {
    errors.push(...validateMetric(metric, `spec.metrics[${i}]`))
  })
  if (behavior?.scaleUp) errors.push(...validateRules(behavior.scaleUp, 'spec.behavior.scaleUp'))
  if (behavior?.scaleDown) errors.push(...validateRules(behavior.scaleDown, 'spec.behavior.scaleDown'))
  return errors
}

function validateRules(rules: HPAScalingRules, path: string): FieldError[] {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules
  const errors = validateNonNegative(window, `${path}.stabilizationWindowSeconds`)
  if ((window ?? 0) > LONGEST_WINDOW_SECONDS) {
    const detail = `must be less than or equal to ${LONGEST_WINDOW_SECONDS}`
    errors.push(invalidValue(`${path}.stabilizationWindowSeconds`, window, detail))
  }
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)) {
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT_POLICIES))
  }
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'))
  policies.forEach(({ type, value, periodSeconds }, i) => {
    const policyPath = `${path}.policies[${i}]`
    if (!POLICY_TYPES.includes(type)) errors.push(notSupported(`${policyPath}.type`, type, POLICY_TYPES))
    if (value <= 0) errors.push(invalidValue(`${policyPath}.value`, value, 'must be greater than zero'))
    const failPeriod = (detail: string) =>
      errors.push(invalidValue(`${policyPath}.periodSeconds`, periodSeconds, detail))
    if (periodSeconds <= 0) failPeriod('must be greater than zero')
    if (periodSeconds > LONGEST_PERIOD_SECONDS) {
      failPeriod(`must be less than or equal to ${LONGEST_PERIOD_SECONDS}`)
    }
  })
  return errors
}
