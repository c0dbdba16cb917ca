/** What is written about a node that is not heard of any more, and about its pods; pure. */
import type { NodeCondition } from 'kubernetes-types/core/v1.js'
import { findCondition, type Node, type Pod } from '../../api/index.ts'

const HEARTBEAT_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** The node with every condition that the kubelet posts turned Unknown; undefined when they are so already. */
export function silenced(node: Node, timestamp: string): Node | undefined {
  const conditions = [...(node.status.conditions ?? [])]
  let isChanged = false
  for (const type of HEARTBEAT_CONDITIONS) {
    const at = conditions.findIndex(condition => condition.type === type)
    const old = conditions[at]
    if (old?.status === 'Unknown') continue
    isChanged = true
    const next: NodeCondition = {
      type,
      status: 'Unknown',
      lastHeartbeatTime: old ? old.lastHeartbeatTime : node.metadata.creationTimestamp,
      lastTransitionTime: timestamp,
      reason: old ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated',
      message: old ? 'Kubelet stopped posting node status.' : 'Kubelet never posted node status.',
    }
    if (old) conditions[at] = next
    else conditions.push(next)
  }
  return isChanged ? { ...node, status: { ...node.status, conditions } } : undefined
}

/** The patch that marks a pod of such a node not ready; undefined when it is so already. */
export function notReadyPatch(pod: Pod, timestamp: string): object | undefined {
  const ready = findCondition(pod, 'Ready')
  if (ready?.status !== 'True') return undefined
  const condition = { ...ready, status: 'False', lastTransitionTime: timestamp }
  return { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } }
}
