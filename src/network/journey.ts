/**
 * One connection's way from a namespace to whoever listens at the other end, node by node, as a process: through
 * nat and filter tables, over the bridge or through VXLAN, with every hop written down. Packets of one
 * connection take one way, so the first one is followed and the answer takes the same way back.
 */
import { type RandomStream, type Routine, type Simulation, sleep } from '../sim/index.ts'
import { type SubnetTable, VXLAN } from './flannel.ts'
import type { Hop } from './hops.ts'
import { type Packet, walk } from './iptables/walk.ts'
import type { NodeNetwork } from './node-network.ts'
import type { ListeningProgram, Namespace, NodeLinks, Payload } from './ports.ts'
import type { ServiceProxy } from './service-proxy.ts'

/** What a journey may look at. */
export interface Roads<Request extends Payload, Response> {
  readonly sim: Simulation
  readonly random: RandomStream
  readonly subnets: SubnetTable
  readonly proxy: ServiceProxy
  readonly links: NodeLinks
  node(name: string): NodeNetwork<Request, Response> | undefined
  /** The node that has this address as its own. */
  nodeByIp(ip: string): NodeNetwork<Request, Response> | undefined
}

export interface Arrival<Request extends Payload, Response> {
  readonly listener: ListeningProgram<Request, Response>
  readonly node: NodeNetwork<Request, Response>
  /** The source address that the listener sees. */
  readonly clientIp: string
  /** Ms the answer takes on its way back. */
  readonly returnMs: number
  /** Whether the listener is still there: a connection ends with it. */
  isListening(): boolean
}

export type Outcome<Request extends Payload, Response> =
  | { readonly ok: true; readonly arrival: Arrival<Request, Response> }
  /** As a program prints it: `connection refused`. */
  | { readonly ok: false; readonly error: string }

/** A SYN nobody answers is given up after this long. */
const CONNECT_TIMEOUT_MS = 10_000
/** An ARP question nobody answers. */
const NO_ROUTE_MS = 3000
const MAX_NODES_PASSED = 8

/** Where a connection begins. */
export interface Start<Request extends Payload, Response> {
  readonly node: NodeNetwork<Request, Response>
  readonly sourceIp: string
  /** In the node's own namespace. */
  readonly isHost: boolean
  /** Undefined for a machine beside the nodes, whose packets have just come to `node`. */
  readonly network: Namespace<Request, Response> | undefined
}

/** 127.0.0.0/8 never leaves its namespace. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.')
}

/** Follows a connection from `sourceIp` on `startNode` to `destinationIp:port`; appends to `hops`. */
export function* travel<Request extends Payload, Response>(
  roads: Roads<Request, Response>,
  start: Start<Request, Response>,
  destination: { ip: string; port: number },
  hops: Hop[],
): Routine<Outcome<Request, Response>> {
  let node = start.node
  let packet: Packet = {
    protocol: 'tcp',
    sourceIp: start.sourceIp,
    destinationIp: destination.ip,
    destinationPort: destination.port,
    mark: 0,
  }
  let chain: 'OUTPUT' | 'PREROUTING' = start.isHost ? 'OUTPUT' : 'PREROUTING'
  const passed: NodeNetwork<Request, Response>[] = []
  for (let i = 0; i < MAX_NODES_PASSED; i++) {
    const note = (stage: Hop['stage'], text: string, rules?: readonly string[]) =>
      hops.push({ atMs: roads.sim.now, node: node.address.name, stage, text, ...(rules && { rules }) })
    const isInside = !start.isHost && isLoopback(packet.destinationIp)
    const step = isInside
      ? deliver(start.network, { ...packet, sourceIp: packet.destinationIp }, note, 'this pod')
      : passNode(roads, node, packet, chain, note)
    packet = step.packet
    if (step.type === 'refused') return yield* fail(node, hops, roads, step.error, step.afterMs)
    if (step.type === 'here') {
      const returnMs = passed.reduce((sum, from) => sum + delayBetween(roads, node, from), 0)
      const { listener, namespace } = step
      const port = packet.destinationPort
      const isListening = () => namespace.endpoint(port) === listener
      return { ok: true, arrival: { listener, node, clientIp: packet.sourceIp, returnMs, isListening } }
    }
    const next = step.next
    const isCut = roads.links.isCut(node.address.name, next.address.name)
    if (isCut || !next.isUp) {
      const why = isCut ? 'the link is cut' : `${next.address.name} is down`
      note('wire', `${node.address.ip} -> ${next.address.ip}: lost, ${why}`)
      return yield* fail(node, hops, roads, 'i/o timeout', CONNECT_TIMEOUT_MS)
    }
    const delayMs = delayBetween(roads, node, next)
    note('wire', `${node.address.ip} -> ${next.address.ip} (${delayMs} ms)`)
    yield* sleep(delayMs)
    passed.push(node)
    node = next
    chain = 'PREROUTING'
    packet = { ...packet, mark: 0 }
  }
  return yield* fail(node, hops, roads, 'i/o timeout', CONNECT_TIMEOUT_MS)
}

type Note = (stage: Hop['stage'], text: string, rules?: readonly string[]) => void

type Step<Request extends Payload, Response> =
  | {
      type: 'here'
      packet: Packet
      listener: ListeningProgram<Request, Response>
      namespace: Listeners<Request, Response>
    }
  | { type: 'on'; packet: Packet; next: NodeNetwork<Request, Response> }
  | { type: 'refused'; packet: Packet; error: string; afterMs: number }

type Listeners<Request extends Payload, Response> = Pick<Namespace<Request, Response>, 'endpoint'>

/** What one node does with a packet: translate, filter, and deliver it or hand it on. */
function passNode<Request extends Payload, Response>(
  roads: Roads<Request, Response>,
  node: NodeNetwork<Request, Response>,
  packet: Packet,
  chain: 'OUTPUT' | 'PREROUTING',
  note: Note,
): Step<Request, Response> {
  const rules = roads.proxy.rules(node.address.name)
  const context = {
    random: roads.random,
    nowMs: roads.sim.now,
    recent: roads.proxy.recentClients(node.address.name),
    isNodeAddress: (ip: string) => ip === node.address.ip || ip === '127.0.0.1',
  }
  const nat = walk({ ...context, chains: rules.nat }, chain, packet)
  if (nat.verdict === 'DNAT') {
    const to = `${nat.packet.destinationIp}:${nat.packet.destinationPort}`
    note('nat', `${packet.destinationIp}:${packet.destinationPort} -> ${to}`, nat.rules)
  }
  const filter = walk(
    { ...context, chains: rules.filter },
    chain === 'OUTPUT' ? 'OUTPUT' : 'FORWARD',
    nat.packet,
  )
  if (filter.verdict === 'REJECT' || filter.verdict === 'DROP') {
    note('filter', `${packet.destinationIp}:${packet.destinationPort} is refused`, filter.rules)
    return filter.verdict === 'REJECT'
      ? { type: 'refused', packet, error: 'connection refused', afterMs: 0 }
      : { type: 'refused', packet, error: 'i/o timeout', afterMs: CONNECT_TIMEOUT_MS }
  }
  return route(roads, node, nat.packet, note)
}

/** The routing table of a node: its own addresses, its pods, others' pods through flannel.1, other nodes. */
function route<Request extends Payload, Response>(
  roads: Roads<Request, Response>,
  node: NodeNetwork<Request, Response>,
  packet: Packet,
  note: Note,
): Step<Request, Response> {
  const { destinationIp: ip } = packet
  if (ip === node.address.ip || ip === '127.0.0.1') return deliver(node.host, packet, note, node.address.name)
  const subnet = roads.subnets.find(ip)
  if (subnet?.node === node.address.name) {
    const sandbox = node.sandboxAt(ip)
    const sent = masquerade(packet, node.gateway, note)
    if (!sandbox) {
      note('bridge', `cni0 asks who has ${ip}: nobody answers`)
      return { type: 'refused', packet: sent, error: 'no route to host', afterMs: NO_ROUTE_MS }
    }
    note('bridge', `cni0 -> veth of ${sandbox.podNamespace}/${sandbox.podName}`)
    return deliver(sandbox.network, sent, note, `${sandbox.podNamespace}/${sandbox.podName}`)
  }
  if (subnet) {
    const next = roads.node(subnet.node)
    const own = roads.subnets.of(node.address.name)
    if (next && own) {
      const sent = masquerade(packet, own.vtepIp, note)
      note('route', `${ip} via ${subnet.vtepIp} dev flannel.1 (mtu ${VXLAN.mtu})`)
      const outer = `${node.address.ip} -> ${subnet.publicIp}:${VXLAN.port}/udp`
      note('vxlan', `vni ${VXLAN.vni} to ${subnet.vtepMac}, ${outer}, ${VXLAN.overheadBytes} bytes more`)
      return { type: 'on', packet: sent, next }
    }
  }
  const host = roads.nodeByIp(ip)
  if (host) {
    note('route', `${ip} dev eth0`)
    return { type: 'on', packet: masquerade(packet, node.address.ip, note), next: host }
  }
  note('route', `no route leads to ${ip}: the world outside the cluster is not modelled`)
  return { type: 'refused', packet, error: 'i/o timeout', afterMs: CONNECT_TIMEOUT_MS }
}

function masquerade(packet: Packet, ip: string, note: Note): Packet {
  if ((packet.mark & 0x4000) === 0) return packet
  note('nat', `source ${packet.sourceIp} -> ${ip} (masquerade)`)
  return { ...packet, sourceIp: ip }
}

function deliver<Request extends Payload, Response>(
  namespace: Listeners<Request, Response> | undefined,
  packet: Packet,
  note: Note,
  name: string,
): Step<Request, Response> {
  const listener = namespace?.endpoint(packet.destinationPort)
  if (namespace && listener) {
    note('listener', `${name} listens on ${packet.destinationPort}, sees ${packet.sourceIp}`)
    return { type: 'here', packet, listener, namespace }
  }
  note('listener', `nobody in ${name} listens on ${packet.destinationPort}: reset`)
  return { type: 'refused', packet, error: 'connection refused', afterMs: 0 }
}

function delayBetween<Request extends Payload, Response>(
  roads: Roads<Request, Response>,
  from: NodeNetwork<Request, Response>,
  to: NodeNetwork<Request, Response>,
): number {
  return roads.links.delayMs(from.address.name, to.address.name)
}

function* fail<Request extends Payload, Response>(
  node: NodeNetwork<Request, Response>,
  hops: Hop[],
  roads: Roads<Request, Response>,
  error: string,
  afterMs: number,
): Routine<Outcome<Request, Response>> {
  if (afterMs > 0) yield* sleep(afterMs)
  hops.push({ atMs: roads.sim.now, node: node.address.name, stage: 'failed', text: error })
  return { ok: false, error }
}
