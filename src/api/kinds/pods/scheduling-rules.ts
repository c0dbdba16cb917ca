/** Tolerations, affinity and topology spread. Mirrors their rules in pkg/apis/core/validation. */
import type {
  NodeSelectorTerm,
  PodAffinityTerm,
  PodSpec,
  Toleration,
  TopologySpreadConstraint,
} from 'kubernetes-types/core/v1.js'
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import { isLabelValue, validateLabelName, validateLabelSelector } from '../../validation/index.ts'
import { checkOneOf } from '../shared/rules.ts'

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

export function validateTolerations(
  tolerations: readonly Toleration[] | undefined,
  path: string,
): FieldError[] {
  return tolerations?.flatMap((toleration, i) => validateToleration(toleration, `${path}[${i}]`)) ?? []
}

function validateToleration(toleration: Toleration, path: string): FieldError[] {
  const { key, operator, value = '', effect, tolerationSeconds } = toleration
  const errors = key ? validateLabelName(key, `${path}.key`) : []
  if (!key && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    errors.push(invalidValue(`${path}.operator`, operator ?? '', detail))
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
    errors.push(invalidValue(`${path}.effect`, effect ?? '', detail))
  }
  if (!operator || operator === 'Equal') {
    const complaints = isLabelValue(value)
    if (complaints.length > 0) errors.push(invalidValue(`${path}.operator`, value, complaints.join(';')))
  } else if (operator === 'Exists') {
    const detail = "value must be empty when `operator` is 'Exists'"
    if (value) errors.push(invalidValue(`${path}.operator`, toleration, detail))
  } else errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']))
  if (effect) errors.push(...checkOneOf(effect, `${path}.effect`, EFFECTS))
  return errors
}

export function validateAffinity(affinity: PodSpec['affinity'], path: string): FieldError[] {
  if (!affinity) return []
  const errors: FieldError[] = []
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity
  const needed = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (needed) {
    const termsPath = `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`
    const terms = needed.nodeSelectorTerms ?? []
    if (terms.length === 0) {
      errors.push(required(termsPath, 'must have at least one node selector term'))
    }
    errors.push(...terms.flatMap((term, i) => validateNodeTerm(term, `${termsPath}[${i}]`)))
  }
  nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
    const termPath = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
    errors.push(...validateWeight(term.weight, termPath))
    errors.push(...validateNodeTerm(term.preference, `${termPath}.preference`))
  })
  for (const [name, rules] of Object.entries({ podAffinity, podAntiAffinity })) {
    rules?.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
      const termPath = `${path}.${name}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`
      errors.push(...validatePodTerm(term, termPath))
    })
    rules?.preferredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
      const termPath = `${path}.${name}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
      errors.push(...validateWeight(term.weight, termPath))
      errors.push(...validatePodTerm(term.podAffinityTerm, `${termPath}.podAffinityTerm`))
    })
  }
  return errors
}

function validateWeight(weight: number, path: string): FieldError[] {
  const isRight = weight > 0 && weight <= 100
  return isRight ? [] : [invalidValue(`${path}.weight`, weight, 'must be in the range 1-100')]
}

function validateNodeTerm(term: NodeSelectorTerm, path: string): FieldError[] {
  const errors: FieldError[] = []
  term.matchExpressions?.forEach((requirement, i) => {
    const requirementPath = `${path}.matchExpressions[${i}]`
    const values = requirement.values ?? []
    const fail = (error: FieldError) => errors.push(error)
    switch (requirement.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) {
          const detail = "must be specified when `operator` is 'In' or 'NotIn'"
          fail(required(`${requirementPath}.values`, detail))
        }
        break
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0) {
          const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
          fail(fieldForbidden(`${requirementPath}.values`, detail))
        }
        break
      case 'Gt':
      case 'Lt':
        if (values.length !== 1) {
          const detail = "must be specified single value when `operator` is 'Lt' or 'Gt'"
          fail(required(`${requirementPath}.values`, detail))
        }
        break
      default:
        fail(
          invalidValue(`${requirementPath}.operator`, requirement.operator, 'not a valid selector operator'),
        )
    }
    errors.push(...validateLabelName(requirement.key, `${requirementPath}.key`))
  })
  return errors
}

function validatePodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const errors = validateLabelSelector(term.labelSelector, `${path}.labelSelector`)
  if (!term.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  else errors.push(...validateLabelName(term.topologyKey, `${path}.topologyKey`))
  return errors
}

export function validateSpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  constraints?.forEach((constraint, i) => {
    const constraintPath = `${path}[${i}]`
    if (constraint.maxSkew <= 0) {
      errors.push(invalidValue(`${constraintPath}.maxSkew`, constraint.maxSkew, 'must be greater than zero'))
    }
    if (!constraint.topologyKey) errors.push(required(`${constraintPath}.topologyKey`, 'can not be empty'))
    errors.push(
      ...checkOneOf(constraint.whenUnsatisfiable, `${constraintPath}.whenUnsatisfiable`, [
        'DoNotSchedule',
        'ScheduleAnyway',
      ]),
    )
    errors.push(...validateLabelSelector(constraint.labelSelector, `${constraintPath}.labelSelector`))
  })
  return errors
}
