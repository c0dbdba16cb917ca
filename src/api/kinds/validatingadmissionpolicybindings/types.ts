/** The shape of a ValidatingAdmissionPolicyBinding. */
import type { ValidatingAdmissionPolicyBindingSpec } from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  spec: ValidatingAdmissionPolicyBindingSpec
}
