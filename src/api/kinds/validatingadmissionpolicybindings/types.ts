/** The shape of a ValidatingAdmissionPolicyBinding. */
import type { ValidatingAdmissionPolicyBindingSpec as LooseSpec } from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'
import type { MatchResources } from '../shared/admission-rule-rules.ts'

export interface ValidatingAdmissionPolicyBindingSpec extends Omit<LooseSpec, 'matchResources'> {
  matchResources?: MatchResources
}

export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  spec: ValidatingAdmissionPolicyBindingSpec
}
