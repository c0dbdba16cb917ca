/** `kubectl get componentstatuses`: without an age. */
import type { ComponentCondition } from 'kubernetes-types/core/v1.js'
import type { Column } from '../../define-kind.ts'
import { column, nameColumn } from '../shared/columns.ts'
import type { ComponentStatus } from './types.ts'

export const componentStatusColumns: readonly Column<ComponentStatus>[] = [
  nameColumn(),
  {
    ...column<ComponentStatus>('Status', 'string', status => {
      const health = healthOf(status)?.status
      if (health === 'True') return 'Healthy'
      return health === 'False' ? 'Unhealthy' : 'Unknown'
    }),
    description: 'Status of the component conditions',
  },
  {
    ...column<ComponentStatus>('Message', 'string', status => healthOf(status)?.message ?? ''),
    description: 'Message of the component conditions',
  },
  {
    ...column<ComponentStatus>('Error', 'string', status => healthOf(status)?.error ?? ''),
    description: 'Error of the component conditions',
  },
]

function healthOf({ conditions }: ComponentStatus): ComponentCondition | undefined {
  return conditions.find(({ type }) => type === 'Healthy')
}
