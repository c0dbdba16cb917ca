/**
 * What running containers use of their nodes: each image's own idle usage with a little noise, the same in every
 * run. Simplified: load does not show.
 */
import { hash32, hashName } from '../sim/index.ts'
import type { World } from './world.ts'

export interface ContainerUsage {
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
  /** Billionths of a core. */
  readonly cpuNanoCores: number
  readonly memoryBytes: number
}

export interface NodeUsage {
  readonly node: string
  readonly cpuNanoCores: number
  readonly memoryBytes: number
}

/** A program that nobody has measured. */
const USUAL = { cpuMilli: 1, memoryBytes: 6_291_456 }
/** The system, the kubelet and the runtime. */
const NODE_OVERHEAD = { cpuNanoCores: 45_000_000, memoryBytes: 512 * 1_048_576 }
/** metrics-server's resolution. */
const WINDOW_MS = 15_000

export function usageOf(world: World): {
  readonly nodes: readonly NodeUsage[]
  readonly containers: readonly ContainerUsage[]
} {
  const nodes: NodeUsage[] = []
  const containers: ContainerUsage[] = []
  const window = Math.floor(world.sim.now / WINDOW_MS)
  for (const machine of world.machines) {
    const { runtime, name } = machine
    if (!runtime) continue
    let { cpuNanoCores, memoryBytes } = NODE_OVERHEAD
    for (const { namespace, pod, container, usage = USUAL, id } of runtime.usage()) {
      const noise = hash32(hashName(id), window) % 200_000
      const cpu = usage.cpuMilli * 1_000_000 + noise
      containers.push({
        node: name,
        namespace,
        pod,
        container,
        cpuNanoCores: cpu,
        memoryBytes: usage.memoryBytes,
      })
      cpuNanoCores += cpu
      memoryBytes += usage.memoryBytes
    }
    nodes.push({ node: name, cpuNanoCores, memoryBytes })
  }
  return { nodes, containers }
}
