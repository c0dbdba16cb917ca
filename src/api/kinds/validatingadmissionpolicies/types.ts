/** The shape of a ValidatingAdmissionPolicy. */
import type {
  ValidatingAdmissionPolicySpec,
  ValidatingAdmissionPolicyStatus,
} from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ValidatingAdmissionPolicy extends KubeObject {
  spec: ValidatingAdmissionPolicySpec
  status: ValidatingAdmissionPolicyStatus
}
