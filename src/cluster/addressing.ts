/**
 * Which addresses a cluster of some size uses: nodes, pods, Services.
 */
import { ipv4 } from '../api/index.ts'

export interface Addressing {
  /** All pods: kubeadm with flannel has 10.244.0.0/16; clusters of more than 256 nodes get a larger block. */
  readonly clusterCidr: string
  /** Length of one node's block; 24, shorter where nodes take more pods. */
  readonly nodeCidrBits: number
  readonly serviceCidr: string
  /** The machines' own network. */
  readonly nodeCidr: string
}

/** Where the control plane's machine is. */
export const API_SERVER_IP = '192.168.0.10'

/** Who clients on the real machine are to the nodes: the gateway of their network, as Docker's bridge is to kind's. */
export const OUTSIDE_IP = '192.168.0.1'

/** Addresses for so many nodes of so many pods each. */
export function addressingFor(nodes: number, maxPods: number): Addressing {
  // As on every network, first and last address are not handed out, and the bridge takes one more.
  const nodeCidrBits = Math.min(24, 32 - Math.ceil(Math.log2(maxPods + 3)))
  const needed = 2 ** (32 - nodeCidrBits) * Math.max(nodes, 1)
  return {
    clusterCidr: needed <= 2 ** 16 ? '10.244.0.0/16' : '10.128.0.0/9',
    nodeCidrBits,
    serviceCidr: '10.96.0.0/12',
    nodeCidr: '192.168.0.0/16',
  }
}

/** The address of the `index`th machine, counted from 0. */
export function nodeIp(index: number): string {
  return ipv4.formatIp(ipv4.parseCidr('192.168.1.0/24').base + 1 + index)
}
