/** What the scheduler says when a pod fits nowhere, word for word as kube-scheduler 1.33's `FitError`. */
import { SCHEDULER } from '../api/index.ts'
import type { Rejection } from './framework.ts'

export const NO_NODES = 'no nodes available to schedule pods'

/** `0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.`; sorted as text, numbers and all. */
export function describeRejections(nodeCount: number, counts: ReadonlyMap<string, number>): string {
  const reasons: string[] = []
  for (const [reason, count] of counts) if (count > 0) reasons.push(`${count} ${reason}`)
  reasons.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return `0/${nodeCount} nodes are available:${reasons.length > 0 ? ` ${reasons.join(', ')}.` : ''}`
}

/** How often each reason was given. */
export function countReasons(rejections: Iterable<Rejection>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { reasons } of rejections) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return counts
}

/** For a pod that a plugin rejected before any node was tried. */
export function describeRejectedPod(nodeCount: number, rejection: Rejection): string {
  return `0/${nodeCount} nodes are available: ${rejection.reasons.join(', ')}.`
}

/** Cut to what an Event may hold, with dots where something was cut off. */
export function cutForEvent(message: string): string {
  const limit = SCHEDULER.eventMessageLength
  return message.length <= limit ? message : `${message.slice(0, limit - CUT.length)}${CUT}`
}
const CUT = ' ...'
