/** `kubectl get endpoints` */
import type { Column } from '../../define-kind.ts'
import { column, firstThree, NONE } from '../shared/columns.ts'
import type { EndpointsObject } from './types.ts'

export const endpointsColumns: readonly Column<EndpointsObject>[] = [
  column('Endpoints', 'string', endpointsText),
]

/** `10.244.0.5:80,10.244.1.3:80,10.244.2.2:80 + 1 more...` */
function endpointsText(endpoints: EndpointsObject): string {
  const list: string[] = []
  for (const { addresses = [], ports = [] } of endpoints.subsets ?? []) {
    if (ports.length === 0) list.push(...addresses.map(address => address.ip))
    for (const { port } of ports) list.push(...addresses.map(address => hostAndPort(address.ip, port)))
  }
  return endpoints.subsets?.length ? firstThree(list, '') : NONE
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
