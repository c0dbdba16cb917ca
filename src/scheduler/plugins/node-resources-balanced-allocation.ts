/**
 * NodeResourcesBalancedAllocation: better where cpu and memory would be used in like shares. Pods that request
 * nothing skip it.
 */
import { SCHEDULER } from '../../api/index.ts'
import type { Plugin } from '../framework.ts'

export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  preScore: pod => (pod.requests.isNothing ? 'skip' : { state: undefined }),
  sign: pod => pod.requests.signature,
  score({ requests }, node) {
    if (node.allocatableMilliCpu === 0 || node.allocatableMemoryBytes === 0) return SCHEDULER.maxNodeScore
    const cpu = (node.requestedMilliCpu + requests.milliCpu) / node.allocatableMilliCpu
    const memory = (node.requestedMemoryBytes + requests.memoryBytes) / node.allocatableMemoryBytes
    // Of two shares, the standard deviation is half their distance.
    const deviation = Math.abs(Math.min(cpu, 1) - Math.min(memory, 1)) / 2
    return Math.floor((1 - deviation) * SCHEDULER.maxNodeScore)
  },
}
