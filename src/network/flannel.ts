/**
 * flannel on every node, VXLAN backend: which node has which subnet, and what the kernel on each node is told
 * about the others (route, neighbour, forwarding entry). Subnets come from `node.spec.podCIDR`, as with
 * `--kube-subnet-mgr`. All nodes share one table here; in reality each flanneld follows its own watch.
 */

import { ipv4, type Node } from '../api/index.ts'
import { hash32, hashName } from '../sim/index.ts'

/** VXLAN as flannel sets it up. */
export const VXLAN = Object.freeze({ vni: 1, port: 8472, overheadBytes: 50, mtu: 1450 })

export interface Subnet {
  readonly node: string
  readonly cidr: ipv4.Cidr
  /** The node's own address: the outer address of encapsulated packets. */
  readonly publicIp: string
  /** Address of flannel.1: the subnet's first. */
  readonly vtepIp: string
  readonly vtepMac: string
}

export class SubnetTable {
  readonly #byNode = new Map<string, Subnet>()
  readonly #byBase = new Map<number, Subnet>()
  readonly #lengths = new Set<number>()

  /** Follows a node; gives its subnet, or undefined while it has none. */
  set(node: Node): Subnet | undefined {
    const { name } = node.metadata
    const { podCIDR } = node.spec
    const publicIp = node.status?.addresses?.find(address => address.type === 'InternalIP')?.address
    const known = this.#byNode.get(name)
    if (!podCIDR || !publicIp) return known
    const cidr = ipv4.parseCidr(podCIDR)
    if (known && known.cidr.base === cidr.base && known.publicIp === publicIp) return known
    this.remove(name)
    const subnet: Subnet = {
      node: name,
      cidr,
      publicIp,
      vtepIp: ipv4.formatIp(cidr.base),
      vtepMac: macFor(name),
    }
    this.#byNode.set(name, subnet)
    this.#byBase.set(cidr.base, subnet)
    this.#lengths.add(cidr.bits)
    return subnet
  }

  remove(node: string): void {
    const known = this.#byNode.get(node)
    if (!known) return
    this.#byNode.delete(node)
    this.#byBase.delete(known.cidr.base)
  }

  of(node: string): Subnet | undefined {
    return this.#byNode.get(node)
  }

  /** Whose subnet an address belongs to. */
  find(ip: string): Subnet | undefined {
    const address = ipv4.parseIp(ip)
    if (address === undefined) return undefined
    for (const bits of this.#lengths) {
      const subnet = this.#byBase.get(address - (address % 2 ** (32 - bits)))
      if (subnet && ipv4.contains(subnet.cidr, address)) return subnet
    }
    return undefined
  }
}

/** A locally administered MAC address, always the same for one node. */
function macFor(node: string): string {
  const low = hash32(hashName(node), 1)
  const bytes = [
    0x02,
    hash32(hashName(node), 2) & 255,
    low >>> 24,
    (low >>> 16) & 255,
    (low >>> 8) & 255,
    low & 255,
  ]
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join(':')
}
