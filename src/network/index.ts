/** Flannel, kube-proxy, cluster DNS, and the packets between pods. */
export {
  ClusterNetwork,
  type ClusterNetworkOptions,
  type Connection,
  type Exchange,
  type Origin,
} from './cluster-network.ts'
export type { DnsRecord } from './dns-zone.ts'
export { formatHops, type Hop } from './hops.ts'
export { NodeNetwork } from './node-network.ts'
export type { Namespace, NodeLinks, Payload } from './ports.ts'
