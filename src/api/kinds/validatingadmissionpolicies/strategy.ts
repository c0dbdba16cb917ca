/**
 * How ValidatingAdmissionPolicies are created and changed. Mirrors pkg/apis/admissionregistration; expressions are
 * compiled by the API server.
 */
import type {
  AuditAnnotation,
  ParamKind,
  Validation,
  Variable,
} from 'kubernetes-types/admissionregistration/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain, isQualifiedName } from '../../validation/index.ts'
import {
  type MatchResources,
  validateMatchConditions,
  validateMatchResources,
} from '../shared/admission-rule-rules.ts'
import { changeField, fill, isAbsent, mapKept } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkOneOf } from '../shared/rules.ts'
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicySpec } from './types.ts'

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized']

export const validatingAdmissionPolicyStrategy: Strategy<ValidatingAdmissionPolicy> = {
  defaults: policy =>
    changeField(policy, 'spec', spec =>
      changeField(fill(spec, { failurePolicy: 'Fail' }), 'matchConstraints', defaultMatchResources),
    ),
  prepareForCreate: policy => ({ ...policy, status: {} }),
  validate: policy => [
    ...checkMetadata(policy, isDns1123Subdomain, false),
    ...validateSpec(policy.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
  validateStatusUpdate: checkMetadataUpdate,
}

/** The same for what a binding narrows a policy to. */
export function defaultMatchResources(match: MatchResources): MatchResources {
  let complete = fill(match, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} })
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    complete = changeField(complete, field, rules => mapKept(rules, rule => fill(rule, { scope: '*' })))
  }
  return complete
}

function validateSpec(spec: ValidatingAdmissionPolicySpec): FieldError[] {
  const errors = checkOneOf(spec.failurePolicy, 'spec.failurePolicy', ['Fail', 'Ignore'])
  if (spec.paramKind) errors.push(...validateParamKind(spec.paramKind, 'spec.paramKind'))
  const { matchConstraints, validations = [], auditAnnotations = [] } = spec
  if (!matchConstraints) errors.push(required('spec.matchConstraints'))
  else errors.push(...validateMatchResources(matchConstraints, 'spec.matchConstraints', true))
  errors.push(...validateMatchConditions(spec.matchConditions, 'spec.matchConditions'))
  errors.push(...validateVariables(spec.variables ?? [], 'spec.variables'))
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = 'validations or auditAnnotations must be non-empty; at least one must be specified'
    errors.push(required('spec.validations', detail), required('spec.auditAnnotations', detail))
  }
  validations.forEach((validation, i) => {
    errors.push(...validateValidation(validation, `spec.validations[${i}]`))
  })
  return [...errors, ...validateAnnotations(auditAnnotations, 'spec.auditAnnotations')]
}

function validateParamKind(kind: ParamKind, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!kind.apiVersion) errors.push(required(`${path}.apiVersion`))
  else if (kind.apiVersion.split('/').length > 2) {
    const detail = 'must be a group and version separated by a /'
    errors.push(invalidValue(`${path}.apiVersion`, kind.apiVersion, detail))
  }
  if (!kind.kind) errors.push(required(`${path}.kind`))
  return errors
}

function validateVariables(variables: readonly Variable[], path: string): FieldError[] {
  const errors: FieldError[] = []
  variables.forEach(({ name, expression }, i) => {
    const namePath = `${path}[${i}].name`
    if (isAbsent(name?.trim())) errors.push(required(namePath, 'name is not specified'))
    else if (!/^[A-Za-z_]\w*$/.test(name)) {
      errors.push(invalidValue(namePath, name, 'name is not a valid CEL identifier'))
    }
    if (isAbsent(expression?.trim())) {
      errors.push(required(`${path}[${i}].expression`, 'expression is not specified'))
    }
    if (variables.findIndex(other => other.name === name) < i) errors.push(duplicate(namePath, name))
  })
  return errors
}

function validateValidation(validation: Validation, path: string): FieldError[] {
  const { expression = '', message = '', messageExpression, reason } = validation
  const errors: FieldError[] = []
  const hasLineBreak = (text: string) => /[\n\r]/.test(text)
  if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'))
  if (message !== '' && message.trim() === '') {
    errors.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'))
  } else if (hasLineBreak(message.trim())) {
    errors.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'))
  } else if (hasLineBreak(expression.trim()) && message.trim() === '') {
    errors.push(required(`${path}.message`, 'message must be specified if expression contains line breaks'))
  }
  if (messageExpression !== undefined && messageExpression.trim() === '') {
    errors.push(required(`${path}.messageExpression`, 'must be non-empty if specified'))
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(`${path}.reason`, reason, REASONS))
  }
  return errors
}

function validateAnnotations(annotations: readonly AuditAnnotation[], path: string): FieldError[] {
  const errors: FieldError[] = []
  annotations.forEach(({ key, valueExpression }, i) => {
    errors.push(...checkName(key, `${path}[${i}].key`, isQualifiedName))
    if (isAbsent(valueExpression?.trim())) {
      errors.push(required(`${path}[${i}].valueExpression`, 'valueExpression is not specified'))
    }
    if (annotations.findIndex(other => other.key === key) < i) {
      errors.push(duplicate(`${path}[${i}].key`, key))
    }
  })
  return errors
}
