/**
 * What a kubelet knows of its node and containers: the images' own idle usage, over their time. Read when somebody asks.
 * Simplified as `container-usage.ts` is: load does not show.
 */
import { NODE_OVERHEAD, USUAL } from './container-usage.ts'
import type { Machine } from './machine.ts'

export interface Usage {
  readonly startedMs: number
  /** At present. */
  readonly cpuNanoCores: number
  /** Since it was started. */
  readonly cpuNanoSeconds: number
  readonly memoryBytes: number
}

export interface RunningContainer extends Usage {
  readonly namespace: string
  readonly pod: string
  readonly container: string
}

/** Undefined while the machine is off. */
export function kubeletUsage(
  { runtime, bootedAtMs }: Machine,
  nowMs: number,
): { readonly node: Usage; readonly containers: readonly RunningContainer[] } | undefined {
  if (!runtime || bootedAtMs === undefined) return undefined
  const containers = runtime.usage().map(({ namespace, pod, container, startedMs, usage = USUAL }) => {
    const cpuNanoCores = usage.cpuMilli * 1_000_000
    const cpuNanoSeconds = usage.cpuMilli * 1000 * (nowMs - startedMs)
    return {
      namespace,
      pod,
      container,
      startedMs,
      cpuNanoCores,
      cpuNanoSeconds,
      memoryBytes: usage.memoryBytes,
    }
  })
  const sum = (field: 'cpuNanoCores' | 'cpuNanoSeconds' | 'memoryBytes') =>
    containers.reduce((total, one) => total + one[field], 0)
  const node = {
    startedMs: bootedAtMs,
    cpuNanoCores: NODE_OVERHEAD.cpuNanoCores + sum('cpuNanoCores'),
    cpuNanoSeconds: (NODE_OVERHEAD.cpuNanoCores / 1000) * (nowMs - bootedAtMs) + sum('cpuNanoSeconds'),
    memoryBytes: NODE_OVERHEAD.memoryBytes + sum('memoryBytes'),
  }
  return { node, containers }
}
