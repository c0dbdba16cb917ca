/** How ValidatingAdmissionPolicyBindings are created and changed. Mirrors pkg/apis/admissionregistration. */
import type { ParamRef } from 'kubernetes-types/admissionregistration/v1.js'
import type { Strategy } from '../../define-kind.ts'
import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import { isDns1123Subdomain, validateLabelSelector } from '../../validation/index.ts'
import { validateMatchResources } from '../shared/admission-rule-rules.ts'
import { changeField } from '../shared/fill.ts'
import { counted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkOneOf } from '../shared/rules.ts'
import { defaultMatchResources } from '../validatingadmissionpolicies/strategy.ts'
import type { ValidatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBindingSpec } from './types.ts'

const ACTIONS = ['Audit', 'Deny', 'Warn']

export const validatingAdmissionPolicyBindingStrategy: Strategy<ValidatingAdmissionPolicyBinding> = {
  defaults: binding =>
    changeField(binding, 'spec', spec => changeField(spec, 'matchResources', defaultMatchResources)),
  prepareForCreate: counted,
  validate: binding => [
    ...checkMetadata(binding, isDns1123Subdomain, false),
    ...validateSpec(binding.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
}

function validateSpec(spec: ValidatingAdmissionPolicyBindingSpec): FieldError[] {
  const errors = checkName(spec.policyName, 'spec.policyName', isDns1123Subdomain)
  if (spec.paramRef) errors.push(...validateParamRef(spec.paramRef, 'spec.paramRef'))
  if (spec.matchResources) {
    errors.push(...validateMatchResources(spec.matchResources, 'spec.matchResources', false))
  }
  return [...errors, ...validateActions(spec.validationActions ?? [], 'spec.validationActions')]
}

function validateParamRef(reference: ParamRef, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { name, selector } = reference
  if (name && selector) {
    const detail = 'name and selector are mutually exclusive'
    errors.push(fieldForbidden(`${path}.name`, detail), fieldForbidden(`${path}.selector`, detail))
  }
  if (!name && !selector) errors.push(required(path, 'one of name or selector must be specified'))
  errors.push(...validateLabelSelector(selector, `${path}.selector`))
  const actionPath = `${path}.parameterNotFoundAction`
  return [...errors, ...checkOneOf(reference.parameterNotFoundAction, actionPath, ['Deny', 'Allow'])]
}

function validateActions(actions: readonly string[], path: string): FieldError[] {
  if (actions.length === 0) return [required(path)]
  const errors: FieldError[] = []
  actions.forEach((action, i) => {
    if (!ACTIONS.includes(action)) errors.push(notSupported(`${path}[${i}]`, action, ACTIONS))
    if (actions.indexOf(action) < i) errors.push(duplicate(`${path}[${i}]`, action))
  })
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
    errors.push(invalidValue(path, actions, detail))
  }
  return errors
}
