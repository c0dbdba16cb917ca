/** `kubectl get services` */
import type { Column } from '../../define-kind.ts'
import { formatLabels } from '../../selector.ts'
import { column, loadBalancerText, NONE, UNKNOWN, wideColumn } from '../shared/columns.ts'
import type { Service } from './types.ts'

export const serviceColumns: readonly Column<Service>[] = [
  column('Type', 'string', service => service.spec.type ?? ''),
  column('Cluster-IP', 'string', service => service.spec.clusterIPs?.[0] || service.spec.clusterIP || NONE),
  column('External-IP', 'string', externalAddresses),
  column('Port(s)', 'string', portsText),
  wideColumn('Selector', service => formatLabels(service.spec.selector)),
]

function externalAddresses(service: Service): string {
  const { type, externalIPs = [], externalName } = service.spec
  switch (type) {
    case 'ClusterIP':
    case 'NodePort':
      return externalIPs.join(',') || NONE
    case 'LoadBalancer': {
      const balancer = loadBalancerText(service.status?.loadBalancer)
      const all = [...(balancer ? [balancer] : []), ...externalIPs]
      return all.join(',') || '<pending>'
    }
    case 'ExternalName':
      return externalName ?? ''
    default:
      return UNKNOWN
  }
}

function portsText(service: Service): string {
  const ports = service.spec.ports ?? []
  if (ports.length === 0) return NONE
  return ports
    .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
    .join(',')
}
