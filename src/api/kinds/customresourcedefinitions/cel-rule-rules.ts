/** Rules of `x-kubernetes-validations` as far as they can be judged without compiling them. */
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import type { JsonSchema, ValidationRule } from './types.ts'

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const MAXIMUM_MESSAGE_LENGTH = 2048

export function validateValidationRules(schema: JsonSchema, path: string): FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) =>
    validateRule(rule, `${path}.x-kubernetes-validations[${i}]`),
  )
}

function validateRule(rule: ValidationRule, path: string): FieldError[] {
  const { message = '', messageExpression = '' } = rule
  const [text, trimmed, expression] = [rule.rule?.trim() ?? '', message.trim(), messageExpression.trim()]
  const errors: FieldError[] = []
  if (text === '') errors.push(required(`${path}.rule`, 'rule is not specified'))
  else if (message && trimmed === '') {
    errors.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'))
  } else if (hasLineBreak(trimmed)) {
    errors.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'))
  } else if (hasLineBreak(text) && trimmed === '') {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'))
  }
  if (messageExpression && expression === '') {
    const detail = 'messageExpression must be non-empty if specified'
    errors.push(required(`${path}.messageExpression`, detail))
  }
  if (rule.reason !== undefined && !REASONS.includes(rule.reason)) {
    errors.push(notSupported(`${path}.reason`, rule.reason, REASONS))
  }
  if (rule.fieldPath && hasLineBreak(rule.fieldPath.trim())) {
    errors.push(invalidValue(`${path}.fieldPath`, rule.fieldPath, 'fieldPath must not contain line breaks'))
  }
  if (message.length > MAXIMUM_MESSAGE_LENGTH) {
    const detail = `message must have a maximum length of ${MAXIMUM_MESSAGE_LENGTH} characters`
    errors.push(invalidValue(`${path}.message`, `${message.slice(0, 10)}...`, detail))
  }
  return errors
}

function hasLineBreak(text: string): boolean {
  return /[\n\r]/.test(text)
}
