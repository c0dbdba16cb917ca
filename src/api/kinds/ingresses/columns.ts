/** `kubectl get ingresses` */
import type { Column } from '../../define-kind.ts'
import { column, loadBalancerText, NONE } from '../shared/columns.ts'
import type { Ingress } from './types.ts'

export const ingressColumns: readonly Column<Ingress>[] = [
  {
    ...column<Ingress>('Class', 'string', ({ spec }) => spec.ingressClassName ?? NONE),
    description: 'The name of the IngressClass resource that should be used for additional configuration',
  },
  {
    ...column<Ingress>('Hosts', 'string', hostsText),
    description: 'Hosts that incoming requests are matched against before the ingress rule',
  },
  {
    ...column<Ingress>('Address', 'string', ({ status }) => loadBalancerText(status?.loadBalancer)),
    description: 'Address is a list containing ingress points for the load-balancer',
  },
  {
    ...column<Ingress>('Ports', 'string', ({ spec }) => (spec.tls?.length ? '80, 443' : '80')),
    description: 'Ports of TLS configurations that open',
  },
]

/** The hosts of the first three rules. */
function hostsText({ spec: { rules = [] } }: Ingress): string {
  const hosts: string[] = []
  let isMore = false
  for (const { host } of rules) {
    if (hosts.length === 3) isMore = true
    if (!isMore && host) hosts.push(host)
  }
  if (hosts.length === 0) return '*'
  return isMore ? `${hosts.join(',')} + ${rules.length - 3} more...` : hosts.join(',')
}
