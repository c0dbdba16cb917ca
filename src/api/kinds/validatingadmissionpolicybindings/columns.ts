/** `kubectl get validatingadmissionpolicybindings` */
import type { ParamRef } from 'kubernetes-types/admissionregistration/v1.js'
import type { Column } from '../../define-kind.ts'
import { formatLabelSelector } from '../../selector.ts'
import { column, UNSET } from '../shared/columns.ts'
import type { ValidatingAdmissionPolicyBinding } from './types.ts'

export const validatingAdmissionPolicyBindingColumns: readonly Column<ValidatingAdmissionPolicyBinding>[] = [
  {
    ...column<ValidatingAdmissionPolicyBinding>('PolicyName', 'string', ({ spec }) => spec.policyName ?? ''),
    description: 'PolicyName indicates the policy definition which the policy binding binded to',
  },
  {
    ...column<ValidatingAdmissionPolicyBinding>('ParamRef', 'string', ({ spec }) => paramText(spec.paramRef)),
    description: 'ParamRef indicates the param resource which sets the configration param',
  },
]

function paramText(reference: ParamRef | undefined): string {
  if (!reference) return UNSET
  const { name, namespace, selector } = reference
  if (name) return namespace ? `${namespace}/${name}` : name
  return selector ? formatLabelSelector(selector) : UNSET
}
