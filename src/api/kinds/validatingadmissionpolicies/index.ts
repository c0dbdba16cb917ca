/** `kubectl get validatingadmissionpolicies` */
import { defineKind } from '../../define-kind.ts'
import { validatingAdmissionPolicyColumns } from './columns.ts'
import { validatingAdmissionPolicyStrategy } from './strategy.ts'
import type { ValidatingAdmissionPolicy } from './types.ts'

export const ValidatingAdmissionPolicies = defineKind<ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  categories: ['api-extensions'],
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  columns: validatingAdmissionPolicyColumns,
  strategy: validatingAdmissionPolicyStrategy,
})
