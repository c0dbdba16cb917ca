/** `kubectl get validatingadmissionpolicybindings` */
import { defineKind } from '../../define-kind.ts'
import { validatingAdmissionPolicyBindingColumns } from './columns.ts'
import { validatingAdmissionPolicyBindingStrategy } from './strategy.ts'
import type { ValidatingAdmissionPolicyBinding } from './types.ts'

export const ValidatingAdmissionPolicyBindings = defineKind<ValidatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  categories: ['api-extensions'],
  isNamespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  columns: validatingAdmissionPolicyBindingColumns,
  strategy: validatingAdmissionPolicyBindingStrategy,
})
