/**
 * One node as hardware: what survives a crash (its disk, its place in the network), what does not (the container
 * runtime and all containers), and the kubelet, which can also crash by itself.
 */

import type { ApiPort, Wire } from '../client/index.ts'
import {
  type AppRequest,
  type AppResponse,
  Containerd,
  type Credentials,
  type ImageCatalogue,
  Kubelet,
  type NetworkNamespace,
  type NodeConfig,
  NodeDisk,
  type ServiceVariables,
} from '../kubelet/index.ts'
import type { ClusterNetwork, NodeNetwork } from '../network/index.ts'
import { assert, type Scope } from '../sim/index.ts'
import { Component } from './component.ts'

export interface MachineOptions {
  readonly wire: Wire
  readonly network: ClusterNetwork<AppRequest, AppResponse>
  readonly images: ImageCatalogue
  readonly config: NodeConfig
  /** Environment variables of Services; one follower for all kubelets. */
  readonly services: ServiceVariables
  readonly credentials: Credentials
  /** The kubelet's connection to the API server. */
  connect(scope: Scope): ApiPort
}

/** A booted machine. */
interface Booted {
  readonly scope: Scope
  readonly runtime: Containerd
  readonly node: NodeNetwork<AppRequest, AppResponse>
  readonly atMs: number
}

export class Machine {
  readonly config: NodeConfig
  readonly kubelet: Component<Kubelet>
  readonly #world: Scope
  readonly #options: MachineOptions
  readonly #disk: NodeDisk
  #booted: Booted | undefined

  constructor(world: Scope, options: MachineOptions) {
    this.#world = world
    this.#options = options
    this.config = options.config
    this.#disk = new NodeDisk()
    this.kubelet = new Component(world, options.wire, options.config.name, scope => this.#startKubelet(scope))
  }

  get name(): string {
    return this.config.name
  }

  get isUp(): boolean {
    return this.#booted !== undefined
  }

  /** The container runtime; undefined while the machine is off. */
  get runtime(): Containerd | undefined {
    return this.#booted?.runtime
  }

  /** When it was last switched on, in ms since the Unix epoch; undefined while it is off. */
  get bootedAtMs(): number | undefined {
    return this.#booted?.atMs
  }

  /** Power on. */
  boot(): void {
    const scope = this.#world.child(`${this.name}/machine`)
    const { name, internalIp } = this.config
    const { network, images } = this.#options
    const node = network.join({ name, ip: internalIp })
    const runtime = new Containerd(scope, {
      nodeName: name,
      nodeIps: [internalIp],
      disk: this.#disk,
      images,
      network,
      cni: node,
    })
    node.host = runtime.hostNetwork
    this.#booted = { scope, runtime, node, atMs: scope.sim.now }
    network.proxy.thaw(name)
    this.kubelet.start()
  }

  /** Power off: everything in memory is gone at once, and nobody is told. */
  crash(): void {
    const booted = this.#booted
    assert(booted, 'only a machine that is on can be switched off')
    if (this.kubelet.isUp) this.kubelet.crash()
    booted.scope.close()
    this.#options.network.leave(this.name)
    this.#options.network.proxy.freeze(this.name)
    this.#booted = undefined
  }

  /** The network namespace of a pod that runs here. */
  networkOf(podUid: string): NetworkNamespace | undefined {
    return this.#booted?.runtime.sandboxes(podUid).findLast(sandbox => sandbox.state === 'ready')?.network
  }

  #startKubelet(scope: Scope): Kubelet {
    const { runtime, node } = this.#booted!
    const { connect, services, credentials } = this.#options
    const kubelet = new Kubelet(scope, {
      node: this.config,
      api: connect(scope),
      cri: runtime,
      cni: node,
      services,
      credentials,
    })
    kubelet.start()
    return kubelet
  }
}
