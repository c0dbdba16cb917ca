/** Which taints a node's state calls for; pure. Mirrors `doNoScheduleTaintingPass` and `SwapNodeControllerTaint`. */
import type { Taint } from 'kubernetes-types/core/v1.js'
import { findCondition, NAMES, NODE_LIFECYCLE, type Node } from '../../api/index.ts'

/** Taints by condition: which key for which status. */
const BY_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NAMES.notReadyTaint, Unknown: NAMES.unreachableTaint },
  MemoryPressure: { True: NAMES.memoryPressureTaint },
  DiskPressure: { True: NAMES.diskPressureTaint },
  NetworkUnavailable: { True: NODE_LIFECYCLE.networkUnavailableTaint },
  PIDPressure: { True: NAMES.pidPressureTaint },
}

/** Every key that conditions and `spec.unschedulable` can lay on a node with NoSchedule. */
const MANAGED = new Set([
  NAMES.unschedulableTaint,
  ...Object.values(BY_CONDITION).flatMap(keys => Object.values(keys)),
])

export function readyStatus(node: Node): 'True' | 'False' | 'Unknown' | undefined {
  const ready = findCondition(node, 'Ready')
  return ready?.status as 'True' | 'False' | 'Unknown' | undefined
}

/** The NoExecute taint that the node's readiness calls for. */
export function executeTaintKey(node: Node): string | undefined {
  return BY_CONDITION.Ready![readyStatus(node) ?? '']
}

/** The node's taints with those of NoSchedule as its state calls for; undefined when they are right already. */
export function withScheduleTaints(node: Node, timestamp: string): Taint[] | undefined {
  const wanted: string[] = []
  for (const { type, status } of node.status.conditions ?? []) {
    const key = BY_CONDITION[type]?.[status]
    if (key) wanted.push(key)
  }
  if (node.spec.unschedulable) wanted.push(NAMES.unschedulableTaint)
  return replaced(node, 'NoSchedule', key => MANAGED.has(key), wanted, timestamp)
}

/** The node's taints with this one (or none) of the two NoExecute taints; undefined when they are right already. */
export function withExecuteTaint(
  node: Node,
  key: string | undefined,
  timestamp: string,
): Taint[] | undefined {
  const isManaged = (one: string) => one === NAMES.notReadyTaint || one === NAMES.unreachableTaint
  return replaced(node, 'NoExecute', isManaged, key ? [key] : [], timestamp)
}

/** Whether the node carries one of the two NoExecute taints. */
export function hasExecuteTaint(node: Node): boolean {
  return (node.spec.taints ?? []).some(
    ({ key, effect }) =>
      effect === 'NoExecute' && (key === NAMES.notReadyTaint || key === NAMES.unreachableTaint),
  )
}

function replaced(
  node: Node,
  effect: Taint['effect'],
  isManaged: (key: string) => boolean,
  wanted: readonly string[],
  timestamp: string,
): Taint[] | undefined {
  const taints = node.spec.taints ?? []
  const isOurs = (taint: Taint) => taint.effect === effect && isManaged(taint.key)
  const kept = taints.filter(taint => !isOurs(taint) || wanted.includes(taint.key))
  const missing = wanted.filter(key => !kept.some(taint => isOurs(taint) && taint.key === key))
  if (kept.length === taints.length && missing.length === 0) return undefined
  return [...kept, ...missing.map(key => ({ key, effect, timeAdded: timestamp }))]
}
