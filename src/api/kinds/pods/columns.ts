/** `kubectl get pods` */
import { isConditionTrue } from '../../conditions.ts'
import type { Column } from '../../define-kind.ts'
import { memoiseByObject } from '../../memo.ts'
import { column, NONE, wideColumn } from '../shared/columns.ts'
import { restartsText, summarisePod } from './status-text.ts'
import type { Pod } from './types.ts'

const summary = memoiseByObject(summarisePod)

export const podColumns: readonly Column<Pod>[] = [
  column('Ready', 'string', pod => {
    const { readyContainers, totalContainers } = summary(pod)
    return `${readyContainers}/${totalContainers}`
  }),
  column('Status', 'string', pod => summary(pod).status),
  column('Restarts', 'string', (pod, nowMs) => restartsText(summary(pod), nowMs)),
  wideColumn('IP', pod => pod.status.podIPs?.[0]?.ip || pod.status.podIP || NONE),
  wideColumn('Node', pod => pod.spec.nodeName || NONE),
  wideColumn('Nominated Node', pod => pod.status.nominatedNodeName || NONE),
  wideColumn('Readiness Gates', readinessGates),
]

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? []
  if (gates.length === 0) return NONE
  return `${gates.filter(gate => isConditionTrue(pod, gate.conditionType)).length}/${gates.length}`
}
