/**
 * NodeResourcesFit: a node must have room for what the pod requests; of those that have, the emptier is better
 * (LeastAllocated over cpu and memory, one to one). Limits and usage play no part.
 */
import { type Node, SCHEDULER } from '../../api/index.ts'
import { LIMITS } from '../../sim/index.ts'
import { ACTION } from '../cluster-event.ts'
import { type Plugin, type Rejection, unschedulable } from '../framework.ts'
import { NodeInfo, newGenerations, type PodInfo } from '../node-info.ts'

const NAME = 'NodeResourcesFit'
const TOO_MANY_PODS = 'Too many pods'

/** One rejection for every set of reasons that came up. */
const rejections = new Map<string, Rejection>()

export const nodeResourcesFit: Plugin = {
  name: NAME,
  eventsToRegister: [
    {
      on: { resource: 'Pod', action: ACTION.delete | ACTION.updatePodScaleDown },
      hint: (_pod, { pod, oldPod }) => Boolean((pod ?? oldPod)?.spec.nodeName),
    },
    {
      on: { resource: 'Node', action: ACTION.add | ACTION.updateNodeAllocatable },
      hint: (pod, { node, oldNode }) =>
        node !== undefined && fitsEmpty(pod, node) && (!oldNode || offersMore(pod, node, oldNode)),
    },
  ],
  sign: pod => pod.requests.signature,
  filter(pod, node) {
    const { requests } = pod
    if (
      node.pods.length < node.allocatablePods &&
      (requests.isNothing ||
        (requests.scalars === undefined &&
          lacks(requests.milliCpu, node.allocatableMilliCpu, node.requestedMilliCpu) === false &&
          lacks(requests.memoryBytes, node.allocatableMemoryBytes, node.requestedMemoryBytes) === false &&
          lacks(
            requests.ephemeralStorageBytes,
            node.allocatableEphemeralStorageBytes,
            node.requestedEphemeralStorageBytes,
          ) === false))
    ) {
      return undefined
    }
    return reasonsAgainst(pod, node)
  },
  score({ requests }, node) {
    const cpu = free(node.allocatableMilliCpu, node.nonZeroMilliCpu + requests.nonZeroMilliCpu)
    const memory = free(node.allocatableMemoryBytes, node.nonZeroMemoryBytes + requests.nonZeroMemoryBytes)
    const weight = (cpu < 0 ? 0 : 1) + (memory < 0 ? 0 : 1)
    if (weight === 0) return 0
    return Math.floor((Math.max(cpu, 0) + Math.max(memory, 0)) / weight)
  },
}

function lacks(wanted: number, allocatable: number, requested: number): boolean {
  return wanted > 0 && wanted > allocatable - requested
}

/** The share left free in percent, rounded down; -1 for a resource that the node does not have. */
function free(capacity: number, requested: number): number {
  if (capacity === 0) return -1
  if (requested > capacity) return 0
  return Math.floor(((capacity - requested) * SCHEDULER.maxNodeScore) / capacity)
}

function reasonsAgainst({ requests }: PodInfo, node: NodeInfo): Rejection | undefined {
  const reasons: string[] = []
  if (node.pods.length + 1 > node.allocatablePods) reasons.push(TOO_MANY_PODS)
  if (!requests.isNothing) {
    const check = (name: string, wanted: number, allocatable: number, requested: number) => {
      if (lacks(wanted, allocatable, requested)) reasons.push(`Insufficient ${name}`)
    }
    check('cpu', requests.milliCpu, node.allocatableMilliCpu, node.requestedMilliCpu)
    check('memory', requests.memoryBytes, node.allocatableMemoryBytes, node.requestedMemoryBytes)
    check(
      'ephemeral-storage',
      requests.ephemeralStorageBytes,
      node.allocatableEphemeralStorageBytes,
      node.requestedEphemeralStorageBytes,
    )
    for (const [name, wanted] of requests.scalars ?? []) {
      check(name, wanted, node.allocatableScalars?.get(name) ?? 0, node.requestedScalars?.get(name) ?? 0)
    }
  }
  if (reasons.length === 0) return undefined
  const key = reasons.join()
  let rejection = rejections.get(key)
  if (!rejection) {
    rejection = unschedulable(NAME, ...reasons)
    if (rejections.size >= LIMITS.memoisedValues) rejections.clear()
    rejections.set(key, rejection)
  }
  return rejection
}

function emptied(node: Node): NodeInfo {
  const info = new NodeInfo(node.metadata.name, newGenerations())
  info.setNode(node)
  return info
}

function fitsEmpty(pod: PodInfo, node: Node): boolean {
  return reasonsAgainst(pod, emptied(node)) === undefined
}

/** Whether the node has more than before of anything that the pod requests; room for pods counts for all. */
function offersMore({ requests }: PodInfo, node: Node, oldNode: Node): boolean {
  const [now, before] = [emptied(node), emptied(oldNode)]
  if (now.allocatablePods > before.allocatablePods) return true
  if (requests.milliCpu > 0 && now.allocatableMilliCpu > before.allocatableMilliCpu) return true
  if (requests.memoryBytes > 0 && now.allocatableMemoryBytes > before.allocatableMemoryBytes) return true
  if (
    requests.ephemeralStorageBytes > 0 &&
    now.allocatableEphemeralStorageBytes > before.allocatableEphemeralStorageBytes
  ) {
    return true
  }
  for (const name of requests.scalars?.keys() ?? []) {
    if ((now.allocatableScalars?.get(name) ?? 0) > (before.allocatableScalars?.get(name) ?? 0)) return true
  }
  return false
}
