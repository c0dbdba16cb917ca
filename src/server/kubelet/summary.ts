/** `/stats/summary`: a node and its pods in the kubelet's `Summary`, as far as usage is modelled. */
import { bytes } from '../../api/index.ts'
import { kubeletUsage, type RunningContainer, type Usage } from '../../cluster/index.ts'
import { formatTime } from '../../sim/index.ts'
import type { KubeletView } from './view.ts'

export function summary({ machine, pods, nowMs }: KubeletView): object {
  const usage = kubeletUsage(machine, nowMs)
  if (!usage) return {}
  const capacityBytes = bytes(machine.config.memory)
  return {
    node: {
      nodeName: machine.name,
      startTime: formatTime(usage.node.startedMs),
      ...statsOf(usage.node, nowMs, capacityBytes),
    },
    pods: pods.flatMap(({ metadata: { name, namespace = '', uid }, status: { startTime } }) => {
      const own = usage.containers.filter(one => one.pod === name && one.namespace === namespace)
      if (own.length === 0) return []
      return [
        {
          podRef: { name, namespace, uid },
          startTime,
          containers: own.map(one => ({
            name: one.container,
            startTime: formatTime(one.startedMs),
            ...statsOf(one, nowMs),
          })),
          ...statsOf(sumOf(own), nowMs),
        },
      ]
    }),
  }
}

function statsOf(
  { cpuNanoCores, cpuNanoSeconds, memoryBytes }: Omit<Usage, 'startedMs'>,
  nowMs: number,
  capacityBytes?: number,
): object {
  const time = formatTime(nowMs)
  return {
    cpu: { time, usageNanoCores: cpuNanoCores, usageCoreNanoSeconds: cpuNanoSeconds },
    memory: {
      time,
      ...(capacityBytes !== undefined && { availableBytes: capacityBytes - memoryBytes }),
      usageBytes: memoryBytes,
      workingSetBytes: memoryBytes,
      rssBytes: memoryBytes,
      pageFaults: 0,
      majorPageFaults: 0,
    },
  }
}

/** A pod's usage is its containers'. */
export function sumOf(containers: readonly RunningContainer[]): Omit<Usage, 'startedMs'> {
  const total = (field: 'cpuNanoCores' | 'cpuNanoSeconds' | 'memoryBytes') =>
    containers.reduce((sum, one) => sum + one[field], 0)
  return {
    cpuNanoCores: total('cpuNanoCores'),
    cpuNanoSeconds: total('cpuNanoSeconds'),
    memoryBytes: total('memoryBytes'),
  }
}
