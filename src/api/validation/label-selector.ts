/** The rules of a LabelSelector inside an object; mirrors `ValidateLabelSelector` of apimachinery's meta/v1. */
import type { LabelSelector, LabelSelectorRequirement } from 'kubernetes-types/meta/v1.js'
import { type FieldError, fieldForbidden, invalidValue, required } from '../field-error.ts'
import { isLabelValue } from './names.ts'
import { validateLabelName, validateLabels } from './object-meta.ts'

export function validateLabelSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  if (!selector) return []
  const errors = validateLabels(selector.matchLabels, `${path}.matchLabels`)
  selector.matchExpressions?.forEach((requirement, index) => {
    errors.push(...validateRequirement(requirement, `${path}.matchExpressions[${index}]`))
  })
  return errors
}

function validateRequirement(requirement: LabelSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = []
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
      }
      break
    case 'Exists':
    case 'DoesNotExist': {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      if (values.length > 0) errors.push(fieldForbidden(`${path}.values`, detail))
      break
    }
    default:
      errors.push(invalidValue(`${path}.operator`, requirement.operator, 'not a valid selector operator'))
  }
  errors.push(...validateLabelName(requirement.key, `${path}.key`))
  values.forEach((value, index) => {
    for (const text of isLabelValue(value)) errors.push(invalidValue(`${path}.values[${index}]`, value, text))
  })
  return errors
}
