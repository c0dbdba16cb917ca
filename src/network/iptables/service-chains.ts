/**
 * One Service as iptables chains, the way kube-proxy's iptables mode writes them: a pure function of the
 * Service and its EndpointSlices. Mirrors pkg/proxy/iptables; IPv4 only, no load-balancer source ranges.
 */
import type { EndpointSlice, Service } from '../../api/index.ts'
import { endpointChain, externalChain, localChain, serviceChain } from './chain-names.ts'
import type { Chain, Match, Rule } from './rule.ts'

/** All that kube-proxy knows of one Service. Frozen; a change makes another. */
export interface ServiceState {
  readonly service: Service
  /** In name order. */
  readonly slices: readonly EndpointSlice[]
}

/** What one Service contributes on one node. */
export interface ServiceChains {
  /** Lines for KUBE-SERVICES in the nat table. */
  readonly services: readonly Rule[]
  /** Lines for KUBE-NODEPORTS. */
  readonly nodePorts: readonly Rule[]
  /** Lines for KUBE-SERVICES in the filter table: ports without endpoints are refused there. */
  readonly refused: readonly Rule[]
  readonly chains: readonly Chain[]
}

interface EndpointAddress {
  readonly ip: string
  readonly port: number
  readonly nodeName: string | undefined
  readonly isReady: boolean
  readonly isServing: boolean
  readonly isTerminating: boolean
}

interface PortContext {
  readonly state: ServiceState
  readonly node: string
  readonly clusterCidr: string
  /** `namespace/name[:port]` */
  readonly name: string
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly port: number
  readonly nodePort: number | undefined
}

const NONE: ServiceChains = { services: [], nodePorts: [], refused: [], chains: [] }

/** The chains of a Service as node `node` has them. */
export function compileService(state: ServiceState, node: string, clusterCidr: string): ServiceChains {
  const { service } = state
  const { clusterIP, type } = service.spec
  if (!clusterIP || clusterIP === 'None' || type === 'ExternalName') return NONE
  const key = `${service.metadata.namespace}/${service.metadata.name}`
  const parts = (service.spec.ports ?? []).map(port =>
    compilePort({
      state,
      node,
      clusterCidr,
      name: port.name ? `${key}:${port.name}` : key,
      protocol: (port.protocol ?? 'TCP').toLowerCase() as PortContext['protocol'],
      port: port.port,
      nodePort: port.nodePort || undefined,
    }),
  )
  return {
    services: parts.flatMap(part => part.services),
    nodePorts: parts.flatMap(part => part.nodePorts),
    refused: parts.flatMap(part => part.refused),
    chains: parts.flatMap(part => part.chains),
  }
}

function compilePort(port: PortContext): ServiceChains {
  const { service } = port.state
  const all = usable(endpointsOf(port))
  const local = usable(endpointsOf(port).filter(endpoint => endpoint.nodeName === port.node))
  const isInternalLocal = service.spec.internalTrafficPolicy === 'Local'
  const isExternalLocal = service.spec.externalTrafficPolicy === 'Local'
  const internal = isInternalLocal ? local : all
  const external = isExternalLocal ? local : all
  const toCluster: Match = {
    destination: `${service.spec.clusterIP}/32`,
    protocol: port.protocol,
    destinationPort: port.port,
  }
  const toNodePort: Match = { protocol: port.protocol, destinationPort: port.nodePort }
  const svc = serviceChain(port.name, port.protocol)
  const svl = localChain(port.name, port.protocol)
  const ext = externalChain(port.name, port.protocol)
  const services: Rule[] = []
  const nodePorts: Rule[] = []
  const refused: Rule[] = []
  const chains: Chain[] = []
  if (internal.length > 0) {
    const jump = isInternalLocal ? svl : svc
    services.push({ match: toCluster, comment: `${port.name} cluster IP`, target: { jump } })
  } else {
    const why = isInternalLocal && all.length > 0 ? 'has no local endpoints' : 'has no endpoints'
    refused.push({ match: toCluster, comment: `${port.name} ${why}`, target: { verdict: 'REJECT' } })
  }
  if (port.nodePort) {
    if (external.length > 0) {
      nodePorts.push({ match: toNodePort, comment: port.name, target: { jump: ext } })
      chains.push(externalTraffic(port, ext, isExternalLocal, { svc, svl }))
    } else {
      const isHere = isExternalLocal && all.length > 0
      refused.push({
        match: { ...toNodePort, isToNode: true },
        comment: `${port.name} ${isHere ? 'has no local endpoints' : 'has no endpoints'}`,
        target: { verdict: isHere ? 'DROP' : 'REJECT' },
      })
    }
  }
  const masqueradeOutsiders: Rule = {
    match: { ...toCluster, source: port.clusterCidr, isSourceNegated: true },
    comment: `${port.name} cluster IP`,
    target: { jump: 'KUBE-MARK-MASQ' },
  }
  const needsCluster = all.length > 0 && (!isInternalLocal || (port.nodePort && !isExternalLocal))
  if (needsCluster) chains.push(balance(port, svc, all, masqueradeOutsiders))
  const needsLocal = local.length > 0 && (isInternalLocal || (port.nodePort && isExternalLocal))
  if (needsLocal) chains.push(balance(port, svl, local, masqueradeOutsiders))
  const targets = new Map<string, EndpointAddress>()
  for (const endpoint of [...(needsCluster ? all : []), ...(needsLocal ? local : [])]) {
    targets.set(`${endpoint.ip}:${endpoint.port}`, endpoint)
  }
  for (const endpoint of targets.values()) chains.push(toEndpoint(port, endpoint))
  return { services, nodePorts, refused, chains }
}

/** Ready endpoints; when there is none, serving ones that are terminating (as 1.26 and later do). */
function usable(endpoints: readonly EndpointAddress[]): EndpointAddress[] {
  const ready = endpoints.filter(endpoint => endpoint.isReady)
  return ready.length > 0 ? ready : endpoints.filter(endpoint => endpoint.isServing && endpoint.isTerminating)
}

function endpointsOf(port: PortContext): EndpointAddress[] {
  const wanted = port.name.split(':')[1] ?? ''
  const found = new Map<string, EndpointAddress>()
  for (const slice of port.state.slices) {
    if (slice.addressType !== 'IPv4') continue
    const slicePort = slice.ports?.find(
      candidate =>
        (candidate.name ?? '') === wanted && (candidate.protocol ?? 'TCP').toLowerCase() === port.protocol,
    )
    if (slicePort?.port === undefined) continue
    for (const { addresses, conditions, nodeName } of slice.endpoints ?? []) {
      const ip = addresses[0]
      if (!ip) continue
      const isReady = conditions?.ready ?? true
      found.set(`${ip}:${slicePort.port}`, {
        ip,
        port: slicePort.port,
        nodeName,
        isReady,
        isServing: conditions?.serving ?? isReady,
        isTerminating: conditions?.terminating ?? false,
      })
    }
  }
  return [...found.keys()].sort().map(key => found.get(key)!)
}

function externalTraffic(
  port: PortContext,
  name: string,
  isLocal: boolean,
  chains: { svc: string; svl: string },
): Chain {
  if (!isLocal) {
    return {
      name,
      rules: [
        {
          match: {},
          comment: `masquerade traffic for ${port.name} external destinations`,
          target: { jump: 'KUBE-MARK-MASQ' },
        },
        { match: {}, target: { jump: chains.svc } },
      ],
    }
  }
  return {
    name,
    rules: [
      {
        match: { source: port.clusterCidr },
        comment: `pod traffic for ${port.name} external destinations`,
        target: { jump: chains.svc },
      },
      { match: {}, target: { jump: chains.svl } },
    ],
  }
}

/** The chain that picks an endpoint: the nth of the rest with probability 1/n, the last one always. */
function balance(
  port: PortContext,
  name: string,
  endpoints: readonly EndpointAddress[],
  masqueradeOutsiders: Rule,
): Chain {
  const { service } = port.state
  const isSticky = service.spec.sessionAffinity === 'ClientIP'
  const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800
  const chainOf = (endpoint: EndpointAddress) =>
    endpointChain(port.name, port.protocol, `${endpoint.ip}:${endpoint.port}`)
  const comment = (endpoint: EndpointAddress) => `${port.name} -> ${endpoint.ip}:${endpoint.port}`
  const sticky: Rule[] = isSticky
    ? endpoints.map(endpoint => ({
        match: { recentSeconds: { list: chainOf(endpoint), seconds } },
        comment: comment(endpoint),
        target: { jump: chainOf(endpoint) },
      }))
    : []
  const picks = endpoints.map((endpoint, i): Rule => {
    const left = endpoints.length - i
    return {
      match: left > 1 ? { probability: 1 / left } : {},
      comment: comment(endpoint),
      target: { jump: chainOf(endpoint) },
    }
  })
  return { name, rules: [masqueradeOutsiders, ...sticky, ...picks] }
}

function toEndpoint(port: PortContext, endpoint: EndpointAddress): Chain {
  const address = `${endpoint.ip}:${endpoint.port}`
  const name = endpointChain(port.name, port.protocol, address)
  const isSticky = port.state.service.spec.sessionAffinity === 'ClientIP'
  return {
    name,
    rules: [
      {
        match: { source: `${endpoint.ip}/32` },
        comment: port.name,
        target: { jump: 'KUBE-MARK-MASQ' },
      },
      {
        match: { protocol: port.protocol },
        comment: port.name,
        target: { dnat: address },
        ...(isSticky && { remember: name }),
      },
    ],
  }
}
