/**
 * Addresses for the pods of one node, as CNI's host-local plugin hands them out: one after another, coming back
 * to freed ones only after a whole turn. The first address is the bridge's own.
 */
import { ipv4 } from '../api/index.ts'
import { assert } from '../sim/index.ts'

export class HostLocalIpam {
  readonly #cidr: ipv4.Cidr
  readonly #taken = new Set<number>()
  #last: number

  constructor(cidr: ipv4.Cidr) {
    this.#cidr = cidr
    this.#last = cidr.base + 1
  }

  /** The bridge's address (cni0): the gateway of every pod on the node. */
  get gateway(): string {
    return ipv4.formatIp(this.#cidr.base + 1)
  }

  /** A free address; undefined when there is none. */
  allocate(): string | undefined {
    const first = this.#cidr.base + 2
    const end = this.#cidr.base + ipv4.size(this.#cidr) - 1
    const count = end - first
    if (this.#taken.size >= count) return undefined
    let address = this.#last
    do {
      address++
      if (address >= end || address < first) address = first
    } while (this.#taken.has(address))
    this.#last = address
    this.#taken.add(address)
    return ipv4.formatIp(address)
  }

  release(ip: string): void {
    const address = ipv4.parseIp(ip)
    assert(address !== undefined, `${ip} is an address`)
    this.#taken.delete(address)
  }
}
