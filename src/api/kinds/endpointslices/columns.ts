/** `kubectl get endpointslices` */
import type { Column } from '../../define-kind.ts'
import { column, firstThree, UNSET } from '../shared/columns.ts'
import type { EndpointSlice } from './types.ts'

export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  column('AddressType', 'string', slice => slice.addressType),
  column('Ports', 'string', slice => {
    const ports = slice.ports?.map(port => `${port.port ?? (port.name || '*')}`) ?? []
    return firstThree(ports, UNSET)
  }),
  column('Endpoints', 'string', slice => {
    return firstThree(slice.endpoints?.flatMap(endpoint => endpoint.addresses) ?? [], UNSET)
  }),
]
