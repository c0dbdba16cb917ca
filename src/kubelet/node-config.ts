/** What one node is like: its machine and what its kubelet was started with. */
import type { Taint } from 'kubernetes-types/core/v1.js'
import { bytes, formatBytes, formatMilliCpu, KUBELET, milliCpu } from '../api/index.ts'
import type { Room } from './pods/resources.ts'

export interface NodeConfig {
  readonly name: string
  /** Quantities: `4`, `16Gi`. */
  readonly cpu: string
  readonly memory: string
  /** `100Gi` unless given. */
  readonly ephemeralStorage?: string
  readonly maxPods?: number
  readonly internalIp: string
  /** `--node-labels`, beside the ones every node gets. */
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** `--register-with-taints`. */
  readonly taints?: readonly Taint[]
}

/** Kept free for the system: hard eviction thresholds memory.available<100Mi and nodefs.available<10%. */
const EVICTION_MEMORY_BYTES = 100 * 1024 * 1024

/** The quantities of a node's status, and what follows from them. Shared by equal machines. */
export interface NodeResources {
  readonly capacity: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
  /** What its pods may use together. */
  readonly room: Room
}

type Machine = Pick<NodeConfig, 'cpu' | 'memory' | 'ephemeralStorage' | 'maxPods'>

/** What was worked out last: most nodes of a cluster are of one size. */
let known: { readonly of: Machine; readonly resources: NodeResources } | undefined

/** What a machine of that size has, and what it leaves to pods. */
export function nodeResources(config: NodeConfig): NodeResources {
  if (!known || !isSameMachine(known.of, config)) known = { of: config, resources: workedOut(config) }
  return known.resources
}

function isSameMachine(a: Machine, b: Machine): boolean {
  return (
    a.cpu === b.cpu &&
    a.memory === b.memory &&
    a.ephemeralStorage === b.ephemeralStorage &&
    a.maxPods === b.maxPods
  )
}

function workedOut(machine: Machine): NodeResources {
  const storage = bytes(machine.ephemeralStorage ?? '100Gi')
  const pods = String(machine.maxPods ?? KUBELET.maxPods)
  const cpu = formatMilliCpu(milliCpu(machine.cpu))
  const memory = bytes(machine.memory)
  const shared = { cpu, 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' }
  const allocatableBytes = Math.max(0, memory - EVICTION_MEMORY_BYTES)
  return {
    capacity: Object.freeze({
      ...shared,
      'ephemeral-storage': `${Math.floor(storage / 1024)}Ki`,
      memory: inKi(memory),
      pods,
    }),
    allocatable: Object.freeze({
      ...shared,
      'ephemeral-storage': String(Math.floor(storage * 0.9)),
      memory: inKi(allocatableBytes),
      pods,
    }),
    room: { cpuMilli: milliCpu(cpu), memoryBytes: bytes(inKi(allocatableBytes)), pods: Number(pods) },
  }
}

/** As cadvisor reads it from /proc/meminfo. */
function inKi(amount: number): string {
  return amount % 1024 === 0 ? `${amount / 1024}Ki` : formatBytes(amount)
}
