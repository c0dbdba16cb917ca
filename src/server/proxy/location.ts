/**
 * Where a proxy subresource leads: a node's kubelet or another of its ports, a pod's port, or one of a Service's
 * endpoints. Mirrors `ResourceLocation` of the registries of nodes, pods and services.
 */
import {
  ApiError,
  Endpoints,
  type EndpointsObject,
  Nodes,
  type Pod,
  Pods,
  type Service,
  Services,
  statuses,
} from '../../api/index.ts'
import { API_SERVER, type Cluster, type Machine, type StreamRequest } from '../../cluster/index.ts'

export type Location = ProgramLocation | { readonly kubelet: Machine }

/** A port to connect to, and its address for what is said when nobody answers. */
export interface ProgramLocation {
  readonly stream: Extract<StreamRequest, { port: number }>
  readonly address: string
  readonly port: number
  readonly isHttps: boolean
}

type Address = NonNullable<NonNullable<EndpointsObject['subsets']>[number]['addresses']>[number]

interface Target {
  readonly scheme: string
  readonly name: string
  readonly port: string
}

/** Throws ApiError 400, 404 or 503. `choose` takes one of so many. */
export function locate(
  cluster: Cluster,
  resource: string,
  namespace: string,
  id: string,
  choose: (count: number) => number,
): Location {
  const target = targetOf(id)
  if (!target) {
    throw new ApiError(statuses.badRequest(`invalid ${resource.slice(0, -1)} request ${JSON.stringify(id)}`))
  }
  if (resource === 'nodes') return locateNode(cluster, target)
  return resource === 'pods'
    ? locatePod(cluster, namespace, target)
    : locateService(cluster, namespace, target, choose)
}

/** `name`, `name:port`, `https:name:port`; undefined for anything else. */
function targetOf(id: string): Target | undefined {
  const parts = id.split(':')
  const [scheme, name, port] = parts.length === 1 ? ['', id, ''] : parts.length === 2 ? ['', ...parts] : parts
  const isFine = parts.length <= 3 && !!name && ['', 'http', 'https'].includes(scheme ?? '')
  return isFine ? { scheme: scheme ?? '', name, port: port ?? '' } : undefined
}

/** The kubelet unless another port is named, which is connected to as from a neighbour of the node. */
function locateNode({ world }: Cluster, { scheme, name, port }: Target): Location {
  if (!world.observer.get({ kind: Nodes, namespace: '', name })) {
    throw new ApiError(statuses.notFound(Nodes, name))
  }
  const machine = world.machine(name)
  const address = machine?.config.internalIp ?? name
  if (port !== '' && Number(port) !== KUBELET_PORT) {
    const to = portNumber(port)
    return {
      stream: { to: 'node-port', node: name, port: to },
      address,
      port: to,
      isHttps: scheme === 'https',
    }
  }
  const why = !machine?.isUp ? 'no route to host' : machine.kubelet.isUp ? undefined : 'connection refused'
  const dial = `error trying to reach service: dial tcp ${address}:${KUBELET_PORT}`
  if (why) throw unavailable(`${dial}: connect: ${why}`)
  if (world.wire.isCut(API_SERVER, name)) throw unavailable(`${dial}: i/o timeout`)
  return { kubelet: machine! }
}

const KUBELET_PORT = 10_250

function locatePod(cluster: Cluster, namespace: string, { scheme, name, port }: Target): Location {
  const pod = cluster.world.observer.get({ kind: Pods, namespace, name }) as Pod | undefined
  if (!pod) throw new ApiError(statuses.notFound(Pods, name))
  const address = pod.status.podIP
  if (!address) throw new ApiError(statuses.badRequest('address not allowed'))
  const first = pod.spec.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]?.containerPort
  const isHttps = scheme === 'https'
  const to = port === '' ? (first ?? (isHttps ? 443 : 80)) : portNumber(port)
  return { stream: { to: 'port', namespace, pod: name, port: to }, address, port: to, isHttps }
}

/** Ports have no names here. */
function portNumber(port: string): number {
  if (/^\d+$/.test(port) && Number(port) <= 65_535) return Number(port)
  const why = /^\d+$/.test(port) ? `address ${port}: invalid port` : `lookup tcp/${port}: unknown port`
  throw unavailable(`error trying to reach service: dial tcp: ${why}`)
}

function locateService(
  cluster: Cluster,
  namespace: string,
  { scheme, name, port }: Target,
  choose: (count: number) => number,
): Location {
  const { observer } = cluster.world
  const service = observer.get({ kind: Services, namespace, name }) as Service | undefined
  if (!service) throw new ApiError(statuses.notFound(Services, name))
  let portName = port
  if (/^\d+$/.test(port)) {
    const found = service.spec.ports?.find(one => one.port === Number(port))
    if (!found) {
      throw unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`)
    }
    portName = found.name ?? ''
  }
  const endpoints = observer.get({ kind: Endpoints, namespace, name }) as EndpointsObject | undefined
  if (!endpoints) throw new ApiError(statuses.notFound(Endpoints, name))
  for (const { addresses = [], ports = [] } of endpoints.subsets ?? []) {
    const found = ports.find(one => (one.name ?? '') === portName)
    const fine = addresses.filter(address => isPodHere(cluster, namespace, address))
    if (!found || fine.length === 0) continue
    const { ip, targetRef } = fine[choose(fine.length)]!
    return {
      stream: { to: 'port', namespace, pod: targetRef!.name!, port: found.port },
      address: ip,
      port: found.port,
      isHttps: scheme === 'https',
    }
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`)
}

/**
 * Whether an address is what it says: a pod's of the Service's own namespace. Whoever writes Endpoints could else name
 * any pod. Mirrors `isValidAddress`.
 */
function isPodHere(cluster: Cluster, namespace: string, { ip, targetRef }: Address): boolean {
  if (targetRef?.kind !== 'Pod' || targetRef.namespace !== namespace || !targetRef.name) return false
  const { name } = targetRef
  const pod = cluster.world.observer.get({ kind: Pods, namespace, name }) as Pod | undefined
  const { podIP, podIPs = [] } = pod?.status ?? {}
  return podIP === ip || podIPs.some(one => one.ip === ip)
}

function unavailable(message: string): ApiError {
  return new ApiError(statuses.serviceUnavailable(message))
}
