/** `kubectl get apiservices` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { APIService } from './types.ts'

export const apiServiceColumns: readonly Column<APIService>[] = [
  {
    ...column<APIService>('Service', 'string', ({ spec: { service } }) => {
      return service ? `${service.namespace}/${service.name}` : 'Local'
    }),
    description: 'The reference to the service that hosts this API endpoint.',
  },
  {
    ...column<APIService>('Available', 'string', availabilityText),
    description: 'Whether this service is available.',
  },
]

function availabilityText({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`
}
