/**
 * The cluster's network as a whole: nodes join it, sandboxes are wired to it, programs ask each other through it.
 * Mirrors what flanneld, the CNI plugins, kube-proxy and the cluster's DNS do together.
 */
import { type EndpointSlice, EndpointSlices, ipv4, NAMES, Namespaces, Nodes, Services } from '../api/index.ts'
import type { CacheIndex, Informers } from '../client/index.ts'
import { callback, type Label, type RandomStream, type Routine, type Scope, sleep } from '../sim/index.ts'
import { resolve } from './dns.ts'
import { answerQuestion, type ZoneAnswer, type ZoneView } from './dns-zone.ts'
import { SubnetTable } from './flannel.ts'
import type { Hop } from './hops.ts'
import { type Arrival, isLoopback, type Roads, type Start, travel } from './journey.ts'
import { NodeNetwork } from './node-network.ts'
import type { Namespace, NodeAddress, NodeLinks, Payload } from './ports.ts'
import { ServiceProxy } from './service-proxy.ts'

export interface ClusterNetworkOptions {
  readonly informers: Informers
  readonly links: NodeLinks
  /** All pods' addresses: `10.244.0.0/16`. */
  readonly clusterCidr: string
}

/** What came of a request: the answer or why there is none, and the way it took. */
export type Exchange<Response> =
  | { readonly ok: true; readonly response: Response; readonly hops: readonly Hop[] }
  | { readonly ok: false; readonly error: string; readonly hops: readonly Hop[] }

/** Where a request starts: a namespace, and the namespace of its pod for names. */
export interface Origin<Request extends Payload, Response> {
  readonly network: Namespace<Request, Response>
  readonly podNamespace: string
}

/** A TCP connection that stands: everything asked over it goes to the one listener that was found. */
export interface Connection<Request, Response> {
  /** Undefined where the listener has gone: the connection is reset. */
  ask(request: Request, reply: (response: Response | undefined) => void): void
}

/** Ms a question to the cluster's DNS takes. */
const DNS_QUESTION_MS = 1

const slicesByService: CacheIndex<EndpointSlice> = {
  kind: EndpointSlices,
  name: 'service',
  values: slice => {
    const service = slice.metadata.labels?.[NAMES.serviceNameLabel]
    return service ? [`${slice.metadata.namespace}/${service}`] : []
  },
}

export class ClusterNetwork<Request extends Payload, Response> {
  readonly proxy: ServiceProxy
  readonly subnets = new SubnetTable()
  readonly #scope: Scope
  readonly #random: RandomStream
  readonly #informers: Informers
  readonly #links: NodeLinks
  readonly #label: Label
  readonly #nodes = new Map<string, NodeNetwork<Request, Response>>()
  readonly #nodesByIp = new Map<string, NodeNetwork<Request, Response>>()
  readonly #dns: ZoneView

  constructor(scope: Scope, options: ClusterNetworkOptions) {
    this.#scope = scope
    this.#random = scope.sim.random('network')
    this.#informers = options.informers
    this.#links = options.links
    this.#label = scope.sim.label('network/request')
    this.proxy = new ServiceProxy(scope, { informers: options.informers, clusterCidr: options.clusterCidr })
    const services = options.informers.of(Services)
    const slices = options.informers.of(EndpointSlices)
    const namespaces = options.informers.of(Namespaces)
    slices.addIndex(slicesByService)
    const { proxy } = this
    this.#dns = {
      services: () => services.all(),
      get serial() {
        return Math.floor(proxy.changedAtMs / 1000)
      },
      service: (namespace, name) => services.get(namespace, name),
      slices: (namespace, name) => slices.list(slicesByService, `${namespace}/${name}`),
      hasNamespace: name => namespaces.get('', name) !== undefined,
    }
  }

  start(): void {
    this.proxy.start()
    this.#informers.of(Nodes).addHandler({
      added: node => this.#follow(this.subnets.set(node)?.node),
      updated: node => this.#follow(this.subnets.set(node)?.node),
      deleted: node => this.subnets.remove(node.metadata.name),
    })
  }

  /** Plugs a node in. What is given back is its CNI plugin. */
  join(address: NodeAddress): NodeNetwork<Request, Response> {
    const node = new NodeNetwork<Request, Response>(address)
    this.#nodes.set(address.name, node)
    this.#nodesByIp.set(address.ip, node)
    this.#follow(address.name)
    return node
  }

  leave(name: string): void {
    const node = this.#nodes.get(name)
    if (!node) return
    this.#nodes.delete(name)
    this.#nodesByIp.delete(node.address.ip)
  }

  /** The shape of the kubelet's way out: see {@link exchange}. */
  request(
    from: Origin<Request, Response>,
    target: { readonly host: string; readonly port: number },
    request: Request,
    reply: (result: Exchange<Response>) => void,
  ): void {
    this.#scope.spawn(this.#label, this.exchange(from, target, request), reply, this.#scope.sim.cause)
  }

  /** Connects from a machine beside the nodes to a port of one of them, where kube-proxy's rules send it on. */
  connect(
    from: string,
    to: { readonly node: string; readonly port: number },
    reply: (result: Connection<Request, Response> | { readonly error: string }) => void,
  ): void {
    this.#scope.spawn(this.#label, this.#connect(from, to), reply, this.#scope.sim.cause)
  }

  *#connect(
    sourceIp: string,
    { node: name, port }: { readonly node: string; readonly port: number },
  ): Routine<Connection<Request, Response> | { readonly error: string }> {
    const node = this.#nodes.get(name)
    if (!node?.isUp) return { error: 'no route to host' }
    const start = { node, sourceIp, isHost: false, network: undefined }
    const outcome = yield* travel(this.#roads(), start, { ip: node.address.ip, port }, [])
    if (!outcome.ok) return { error: outcome.error }
    const { arrival } = outcome
    return {
      ask: (request, done) => {
        this.#scope.spawn(this.#label, askOver(arrival, request), done, this.#scope.sim.cause)
      },
    }
  }

  /** What DNS says of a name to a pod of that namespace: the name that answered, or was asked last. */
  lookup(
    host: string,
    podNamespace: string,
  ): { readonly name: string; readonly addresses: readonly string[] } {
    if (host === 'localhost') return { name: host, addresses: ['127.0.0.1'] }
    const { addresses, questions } = resolve(this.#dns, host, podNamespace)
    return { name: questions.at(-1)?.name.replace(/\.$/, '') ?? host, addresses }
  }

  /** What the cluster's DNS server says to a question of class IN from anywhere; `serverIp` is its own address. */
  answer(name: string, type: string, serverIp: string): ZoneAnswer {
    return answerQuestion(this.#dns, name, type, serverIp)
  }

  /** Resolves the host, connects, asks, and comes back with the answer and every hop. */
  *exchange(
    from: Origin<Request, Response>,
    target: { readonly host: string; readonly port: number },
    request: Request,
  ): Routine<Exchange<Response>> {
    const { sim } = this.#scope
    const hops: Hop[] = []
    const start = this.#locate(from.network)
    if (!start) return { ok: false, error: 'network is unreachable', hops }
    const name = start.node.address.name
    const ip = yield* this.#resolve(target.host, from.podNamespace, name, hops)
    if (ip === undefined) return { ok: false, error: `lookup ${target.host}: no such host`, hops }
    const device = start.isHost ? 'host' : isLoopback(ip) ? 'lo' : 'eth0'
    const sourceIp = isLoopback(ip) ? ip : start.sourceIp
    hops.push({
      atMs: sim.now,
      node: name,
      stage: 'pod',
      text: `${device} ${sourceIp} -> ${ip}:${target.port}`,
    })
    const outcome = yield* travel(this.#roads(), start, { ip, port: target.port }, hops)
    if (!outcome.ok) {
      return { ok: false, error: `dial tcp ${ip}:${target.port}: connect: ${outcome.error}`, hops }
    }
    const { listener, clientIp, returnMs } = outcome.arrival
    const response: Response = yield* callback(done => listener.serve({ ...request, clientIp }, done))
    yield* sleep(returnMs)
    hops.push({
      atMs: sim.now,
      node: name,
      stage: 'reply',
      text: `${ip}:${target.port} -> ${sourceIp}`,
    })
    return { ok: true, response, hops }
  }

  *#resolve(host: string, namespace: string, node: string, hops: Hop[]): Routine<string | undefined> {
    if (host === 'localhost') return '127.0.0.1'
    if (ipv4.parseIp(host) !== undefined) return host
    const { addresses, questions } = resolve(this.#dns, host, namespace)
    for (const { name, answer } of questions) {
      yield* sleep(DNS_QUESTION_MS)
      const said = answer.code === 'NOERROR' ? answer.addresses.join(', ') || 'no address' : answer.code
      hops.push({ atMs: this.#scope.sim.now, node, stage: 'dns', text: `${name}. A? ${said}` })
    }
    return addresses.length > 1 ? addresses[this.#random.below(addresses.length)] : addresses[0]
  }

  /** On which node a namespace is, and with which address it speaks. */
  #locate(network: Namespace<Request, Response>): Start<Request, Response> | undefined {
    const [ip] = network.ips
    if (ip === undefined) return undefined
    const host = this.#nodesByIp.get(ip)
    if (host?.isUp) return { node: host, sourceIp: ip, isHost: true, network }
    const subnet = this.subnets.find(ip)
    const node = subnet && this.#nodes.get(subnet.node)
    return node?.isUp ? { node, sourceIp: ip, isHost: false, network } : undefined
  }

  #roads(): Roads<Request, Response> {
    return {
      sim: this.#scope.sim,
      random: this.#random,
      subnets: this.subnets,
      proxy: this.proxy,
      links: this.#links,
      node: name => this.#nodes.get(name),
      nodeByIp: ip => this.#nodesByIp.get(ip),
    }
  }

  #follow(name: string | undefined): void {
    const node = name === undefined ? undefined : this.#nodes.get(name)
    const subnet = name === undefined ? undefined : this.subnets.of(name)
    if (node && subnet) node.assignSubnet(subnet)
  }
}

/** One question and answer over a connection that stands. */
function* askOver<Request extends Payload, Response>(
  arrival: Arrival<Request, Response>,
  request: Request,
): Routine<Response | undefined> {
  const { listener, clientIp, returnMs } = arrival
  yield* sleep(returnMs)
  if (!arrival.isListening()) return undefined
  const response: Response = yield* callback(done => listener.serve({ ...request, clientIp }, done))
  yield* sleep(returnMs)
  return response
}
