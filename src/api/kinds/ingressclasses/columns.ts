/** `kubectl get ingressclasses` */
import type { Column } from '../../define-kind.ts'
import { column, NONE } from '../shared/columns.ts'
import type { IngressClass } from './types.ts'

export const ingressClassColumns: readonly Column<IngressClass>[] = [
  {
    ...column<IngressClass>('Controller', 'string', ({ spec }) => spec.controller ?? ''),
    description: 'Controller that is responsible for handling this class',
  },
  {
    ...column<IngressClass>('Parameters', 'string', parametersText),
    description: 'A reference to a resource with additional parameters',
  },
]

function parametersText({ spec: { parameters } }: IngressClass): string {
  if (!parameters) return NONE
  const { apiGroup, kind, name } = parameters
  return apiGroup === undefined ? `${kind}/${name}` : `${kind}.${apiGroup}/${name}`
}
