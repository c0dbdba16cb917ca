/**
 * Everything that exists in one run: the loop, the wire, the control plane, the machines and their network. Built
 * from a configuration; changed only by inputs and by the passing of time.
 */
import { CLIENT, ConfigMaps, isConditionTrue, NAMES, type Node, Nodes } from '../api/index.ts'
import type { TokenSigner } from '../apiserver/index.ts'
import { type ConnectOptions, Informers, Wire } from '../client/index.ts'
import type { KubectlContext } from '../kubectl/index.ts'
import {
  type AppRequest,
  type AppResponse,
  type ImageCatalogue,
  imageCatalogue,
  type NetworkNamespace,
  type ServiceVariables,
  serviceVariables,
} from '../kubelet/index.ts'
import { ClusterNetwork } from '../network/index.ts'
import {
  assert,
  Bug,
  type Label,
  type Process,
  type Scope,
  type Sha256,
  Simulation,
  UserError,
} from '../sim/index.ts'
import { type Addressing, addressingFor, nodeIp } from './addressing.ts'
import { CertificateOrders } from './certificate-orders.ts'
import type { Component } from './component.ts'
import { type ClusterOptions, type ClusterSettings, type NodeSettings, settle } from './config.ts'
import { ContainerAccess, execIn, logsOf } from './container-access.ts'
import { API_SERVER, ControlPlane } from './control-plane.ts'
import { ADMINISTRATOR, NETWORK_AGENTS, nodeUser } from './identities.ts'
import { type InputResult, type Live, perform } from './inputs.ts'
import { Machine } from './machine.ts'
import { labelNode, omit, othersLabels } from './node-labels.ts'
import { Observer } from './observer.ts'
import { OutsideClients } from './outside.ts'
import { OutsideStreams } from './outside-streams.ts'
import type { Input } from './recording.ts'
import { Webhooks } from './webhooks.ts'

/** What a front end may put in the place of the portable parts; none of it changes what happens. */
export interface Adapters {
  readonly sha256?: Sha256
  /** Signs service account tokens. */
  readonly tokenSigner?: TokenSigner
  /** Hears, once, why the recording has ended (see LIMITS.recordedInputs). */
  readonly recordingDropped?: (why: string) => void
}

/** The network's own client of the API server: flannel, kube-proxy and the cluster's DNS. */
const NETWORK_CLIENT = 'kube-proxy'
const BOOT_LIMIT_MS = 600_000

export class World {
  readonly settings: ClusterSettings
  readonly sim: Simulation
  readonly wire: Wire
  readonly controlPlane: ControlPlane
  readonly network: ClusterNetwork<AppRequest, AppResponse>
  readonly observer: Observer
  /** Logs, commands and ports of containers. */
  readonly containers: ContainerAccess
  /** Clients that are no part of the simulation. */
  readonly outside: OutsideClients
  /** The API server's calls to webhooks. */
  readonly webhooks: Webhooks
  /** Orders for certificates, which whoever holds the authority's key fills. */
  readonly certificates = new CertificateOrders()
  /** Their streams into containers. */
  readonly streams: OutsideStreams
  readonly #inputLabel: Label
  /** By what an input does: the roots of all causes. */
  readonly #inputLabels: Readonly<Record<Input['do'], Label>>
  /** Inputs under way by their place in the order of all inputs. */
  readonly #inputs = new Map<number, Process<InputResult>>()
  #inputCount = 0
  #bootedAtMs = 0
  readonly #addressing: Addressing
  readonly #machines = new Map<string, Machine>()
  readonly #images: ImageCatalogue
  readonly #services: ServiceVariables

  constructor(options: ClusterOptions, adapters: Adapters = {}) {
    this.settings = settle(options)
    const { seed, startMs } = this.settings
    this.sim = new Simulation({ seed, startMs, sha256: adapters.sha256 })
    this.#inputLabel = this.sim.label('input')
    this.#inputLabels = internInputs(this.sim)
    this.wire = new Wire(this.sim)
    this.#addressing = addressingFor(this.settings.nodes.length, this.settings.maxPods)
    this.#images = imageCatalogue({ isGenericAllowed: this.settings.unknownImages === 'run' })
    this.webhooks = new Webhooks(this)
    const metrics = {
      usage: () => this.containers.metrics().containers,
      read: () => this.containers.metrics(),
    }
    const parts = { ...adapters, webhooks: this.webhooks, certificates: this.certificates, metrics }
    this.controlPlane = new ControlPlane(this.sim.root, this.wire, this.settings, this.#addressing, parts)
    this.observer = new Observer(this.controlPlane.scheme, () => this.controlPlane.store)
    const { scheme, apiServer } = this.controlPlane
    this.streams = new OutsideStreams(this)
    this.outside = new OutsideClients(this.wire, API_SERVER, scheme, () => apiServer.present)
    this.containers = new ContainerAccess(this)
    const scope = this.sim.root.child('network')
    const api = this.controlPlane.connect(NETWORK_CLIENT, NETWORK_AGENTS, { scope })
    const informers = new Informers(scope, api)
    this.#services = serviceVariables(informers)
    this.network = this.#buildNetwork(scope, informers)
  }

  /** Starts everything and lets time pass until every node is Ready; clients keep to no rate limits until then. */
  boot(): void {
    // A thousand nodes that join at once would wait minutes for their addresses, as these never have.
    this.wire.limitsClients = false
    this.controlPlane.start()
    for (const node of this.settings.nodes) this.addNode(node)
    const { nodes } = this.settings
    // Asked after every change: nodes that have been seen ready are looked at again only when all have been.
    let seenReady = 0
    const isBooted = () => {
      while (seenReady < nodes.length && this.#isReady(nodes[seenReady]!.name)) seenReady++
      if (seenReady < nodes.length || !this.controlPlane.isReady) return false
      return nodes.every(({ name }) => this.#isReady(name))
    }
    if (!this.sim.runUntil(isBooted, BOOT_LIMIT_MS)) throw new Bug('a cluster boots within ten minutes')
    this.wire.limitsClients = true
    this.#bootedAtMs = this.sim.now
  }

  /** When every node was Ready for the first time, in ms since the Unix epoch. */
  get bootedAtMs(): number {
    return this.#bootedAtMs
  }

  /** Lets an input in; `done` is told what it came to. */
  enter(input: Input, done?: (result: InputResult) => void, live?: Live): void {
    const place = this.#inputCount++
    const finish = (result: InputResult) => {
      this.#inputs.delete(place)
      done?.(result)
      live?.ended?.(result)
      this.sim.markChanged()
    }
    const cause = this.sim.note(this.#inputLabels[input.do])
    const process = this.sim.root.spawn(this.#inputLabel, perform(this, input, place, live), finish, cause)
    if (!process.isEnded) this.#inputs.set(place, process)
  }

  /** Inputs that have not ended: requests, watches and streams of clients outside, say. */
  get inputsUnderWay(): number {
    return this.#inputs.size
  }

  /** Gives up the input at a place in the order of inputs, from 0. */
  cancelInput(place: number): void {
    assert(place < this.#inputCount, 'an input that is given up has been let in')
    this.#inputs.get(place)?.kill()
    this.#inputs.delete(place)
  }

  /** After a cut or its end: what the network's agents on a node that is cut off no longer learn. */
  linksChanged(): void {
    for (const machine of this.#machines.values()) {
      const isCut = this.wire.isCut(machine.name, API_SERVER)
      if (isCut || !machine.isUp) this.network.proxy.freeze(machine.name)
      else this.network.proxy.thaw(machine.name)
    }
  }

  /** Plugs a machine in and switches it on. */
  addNode(node: NodeSettings): void {
    const isGuarded = this.settings.authorization === 'RBAC'
    const others = isGuarded ? othersLabels(node) : undefined
    const machine = new Machine(this.sim.root, {
      wire: this.wire,
      network: this.network,
      images: this.#images,
      services: this.#services,
      credentials: {
        token: (pod, order) => this.controlPlane.apiServer.present?.podToken(pod, order),
        rootCertificate: namespace =>
          this.controlPlane.apiServer.present?.read(ConfigMaps, namespace, 'kube-root-ca.crt'),
      },
      config: {
        name: node.name,
        cpu: node.cpu,
        memory: node.memory,
        maxPods: node.pods,
        internalIp: nodeIp(this.#machines.size),
        labels: others ? omit(node.labels, others) : node.labels,
        taints: [...node.taints],
      },
      connect: scope =>
        this.controlPlane.connect(node.name, nodeUser(node.name), { scope, ...this.#limits() }),
    })
    this.#machines.set(node.name, machine)
    machine.boot()
    if (others) {
      const api = this.controlPlane.connect('kubeadm', ADMINISTRATOR, { scope: this.sim.root })
      this.sim.root.spawn(this.sim.label('kubeadm/label-node'), labelNode(api, node.name, others))
    }
  }

  machine(name: string): Machine | undefined {
    return this.#machines.get(name)
  }

  get machines(): IterableIterator<Machine> {
    return this.#machines.values()
  }

  /** Kills a node or a component. Throws UserError for names nobody has and for what is down already. */
  crash(target: string): void {
    const { machine, component } = this.#find(target)
    if (machine) {
      if (!machine.isUp) throw new UserError(`${target} is down already`)
      machine.crash()
    } else {
      if (!component!.isUp) throw new UserError(`${target} is down already`)
      component!.crash()
    }
    this.sim.markChanged()
  }

  /** Brings a node or a component back. Throws UserError likewise. */
  recover(target: string): void {
    const { machine, component } = this.#find(target)
    if (machine ? machine.isUp : component!.isUp) throw new UserError(`${target} is not down`)
    if (machine) machine.boot()
    else component!.start()
    this.sim.markChanged()
  }

  /** Throws UserError unless every given name is an endpoint of the wire. */
  checkEndpoints(...names: (string | undefined)[]): void {
    for (const name of names) if (name !== undefined) this.#find(name)
  }

  /** The network namespace that a running pod has. */
  networkOf(podUid: string): NetworkNamespace | undefined {
    for (const machine of this.#machines.values()) {
      const network = machine.networkOf(podUid)
      if (network) return network
    }
    return undefined
  }

  /** What kubectl works with; `files` are those it may read. */
  kubectlContext(files: Readonly<Record<string, string>>): KubectlContext {
    const scope = this.sim.root
    return {
      sim: this.sim,
      api: this.controlPlane.connect('kubectl', ADMINISTRATOR, { scope }),
      scheme: this.controlPlane.scheme,
      namespace: 'default',
      logs: logsOf(this),
      exec: execIn(this),
      readFile: path => (Object.hasOwn(files, path) ? files[path] : undefined),
    }
  }

  #find(name: string): { machine: Machine | undefined; component: Component<unknown> | undefined } {
    const machine = this.#machines.get(name)
    const component = machine ? undefined : this.controlPlane.component(name)
    if (!machine && !component) {
      const known = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'or a node']
      throw new UserError(`there is no component or node ${JSON.stringify(name)}`, {
        mend: `Name ${known.join(', ')}.`,
      })
    }
    return { machine, component }
  }

  /** Ready, and said to be so by the node lifecycle controller too: nothing keeps pods away. */
  #isReady(name: string): boolean {
    const node = this.observer.get({ kind: Nodes, namespace: '', name }) as Node | undefined
    if (!node || node.spec.taints?.some(({ key }) => key === NAMES.notReadyTaint)) return false
    return isConditionTrue(node, 'Ready')
  }

  #limits(): ConnectOptions {
    return this.settings.hasClientLimits
      ? { rateLimit: { qps: CLIENT.kubeletQps, burst: CLIENT.kubeletBurst } }
      : {}
  }

  #buildNetwork(scope: Scope, informers: Informers): ClusterNetwork<AppRequest, AppResponse> {
    const network = new ClusterNetwork<AppRequest, AppResponse>(scope, {
      informers,
      links: {
        isCut: (from, to) => this.wire.isCut(from, to),
        delayMs: (from, to) => this.wire.delayMs(from, to),
      },
      clusterCidr: this.#addressing.clusterCidr,
    })
    network.start()
    informers.start()
    return network
  }
}

function internInputs(sim: Simulation): Readonly<Record<Input['do'], Label>> {
  const label = (name: Input['do']) => sim.label(`input/${name}`)
  return {
    kubectl: label('kubectl'),
    apply: label('apply'),
    request: label('request'),
    crash: label('crash'),
    recover: label('recover'),
    cut: label('cut'),
    heal: label('heal'),
    slow: label('slow'),
    'add-node': label('add-node'),
    cancel: label('cancel'),
    api: label('api'),
    watch: label('watch'),
    stream: label('stream'),
    webhook: label('webhook'),
    // Interned when it is first used: labels have numbers, and only some runs need this one.
    get certificate() {
      return label('certificate')
    },
    send: label('send'),
  }
}
