/**
 * The network of one node: its bridge cni0 with the pods on it, and the CNI plugin chain (flannel, bridge,
 * host-local) that the container runtime calls.
 */
import { ipv4 } from '../api/index.ts'
import { assert } from '../sim/index.ts'
import type { Subnet } from './flannel.ts'
import { HostLocalIpam } from './host-local-ipam.ts'
import type { Namespace, NodeAddress, Payload } from './ports.ts'

/** A pod's sandbox as CNI gets it. */
export interface WiredSandbox<Request extends Payload, Response> {
  readonly id: string
  readonly podNamespace: string
  readonly podName: string
  readonly network: Namespace<Request, Response>
}

export type WiringResult =
  | { readonly ok: true; readonly ips: readonly string[] }
  | { readonly ok: false; readonly message: string }

const NOT_INITIALIZED = 'cni plugin not initialized'

export class NodeNetwork<Request extends Payload, Response> {
  readonly address: NodeAddress
  /** The node's own namespace; undefined until its runtime runs. */
  host: Namespace<Request, Response> | undefined
  /** False while the node is crashed: nothing passes through it. */
  isUp = true
  #ipam: HostLocalIpam | undefined
  #subnet: Subnet | undefined
  readonly #byIp = new Map<string, WiredSandbox<Request, Response>>()
  readonly #ipBySandbox = new Map<string, string>()
  readonly #listeners = new Set<() => void>()

  constructor(address: NodeAddress) {
    this.address = address
  }

  /** Why no pod can be wired yet; undefined when ready. */
  get notReady(): string | undefined {
    return this.#ipam ? undefined : NOT_INITIALIZED
  }

  /** cni0's address. */
  get gateway(): string {
    assert(this.#ipam, 'a node has a bridge once it has a subnet')
    return this.#ipam.gateway
  }

  onReadinessChange(changed: () => void): () => void {
    this.#listeners.add(changed)
    return () => this.#listeners.delete(changed)
  }

  /** flanneld has its subnet: `/run/flannel/subnet.env` is written and pods can be wired. */
  assignSubnet(subnet: Subnet): void {
    if (this.#subnet) return
    this.#subnet = subnet
    this.#ipam = new HostLocalIpam(subnet.cidr)
    for (const changed of [...this.#listeners]) changed()
  }

  add(sandbox: WiredSandbox<Request, Response>, reply: (result: WiringResult) => void): void {
    if (!this.#ipam) {
      reply({ ok: false, message: NOT_INITIALIZED })
      return
    }
    const ip = this.#ipam.allocate()
    if (ip === undefined) {
      const { cidr } = this.#subnet!
      const range = `${ipv4.formatIp(cidr.base + 1)}-${ipv4.formatIp(cidr.base + ipv4.size(cidr) - 2)}`
      const why = `no IP addresses available in range set: ${range}`
      reply({ ok: false, message: `plugin type="flannel" failed (add): failed to delegate add: ${why}` })
      return
    }
    this.#byIp.set(ip, sandbox)
    this.#ipBySandbox.set(sandbox.id, ip)
    reply({ ok: true, ips: [ip] })
  }

  /** Gives everything back; succeeds for sandboxes it does not know. */
  delete(sandbox: { readonly id: string }): void {
    const ip = this.#ipBySandbox.get(sandbox.id)
    if (ip === undefined) return
    this.#ipBySandbox.delete(sandbox.id)
    this.#byIp.delete(ip)
    this.#ipam?.release(ip)
  }

  /** The sandbox that has this address on this node's bridge. */
  sandboxAt(ip: string): WiredSandbox<Request, Response> | undefined {
    return this.#byIp.get(ip)
  }
}
