/** `kubectl get validatingadmissionpolicies` */
import type { Column } from '../../define-kind.ts'
import { column, countColumn, UNSET } from '../shared/columns.ts'
import type { ValidatingAdmissionPolicy } from './types.ts'

export const validatingAdmissionPolicyColumns: readonly Column<ValidatingAdmissionPolicy>[] = [
  countColumn(
    'Validations',
    'Validations indicates the number of validation rules defined in this configuration',
    policy => policy.spec.validations,
  ),
  {
    ...column<ValidatingAdmissionPolicy>('ParamKind', 'string', ({ spec: { paramKind } }) =>
      paramKind ? `${paramKind.apiVersion}/${paramKind.kind}` : UNSET,
    ),
    description: 'ParamKind specifies the kind of resources used to parameterize this policy',
  },
]
