/** The shape of a ValidatingAdmissionPolicy. */
import type {
  ValidatingAdmissionPolicySpec as LooseSpec,
  ValidatingAdmissionPolicyStatus,
} from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'
import type { MatchResources } from '../shared/admission-rule-rules.ts'

export interface ValidatingAdmissionPolicySpec extends Omit<LooseSpec, 'matchConstraints'> {
  matchConstraints?: MatchResources
}

export interface ValidatingAdmissionPolicy extends KubeObject {
  spec: ValidatingAdmissionPolicySpec
  status: ValidatingAdmissionPolicyStatus
}
