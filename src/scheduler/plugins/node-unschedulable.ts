/** NodeUnschedulable: cordoned nodes take only pods that tolerate `node.kubernetes.io/unschedulable`. */
import type { Toleration } from 'kubernetes-types/core/v1.js'
import { NAMES, tolerates } from '../../api/index.ts'
import { ACTION } from '../cluster-event.ts'
import { type Plugin, unresolvable } from '../framework.ts'
import { signTolerations } from '../tolerations.ts'

const NAME = 'NodeUnschedulable'
const CORDONED = unresolvable(NAME, 'node(s) were unschedulable')
const TAINT = { key: NAMES.unschedulableTaint, effect: 'NoSchedule' }

const isTolerated = (tolerations: readonly Toleration[] | undefined) =>
  tolerations?.some(toleration => tolerates(toleration, TAINT)) ?? false

export const nodeUnschedulable: Plugin = {
  name: NAME,
  eventsToRegister: [
    {
      on: { resource: 'Node', action: ACTION.add | ACTION.updateNodeTaint },
      hint: (_pod, { node, oldNode }) => !node?.spec?.unschedulable && (oldNode?.spec?.unschedulable ?? true),
    },
    {
      on: { resource: 'Pod', action: ACTION.updatePodToleration },
      hint: (pod, change) => change.pod?.metadata.uid === pod.uid && isTolerated(change.pod.spec.tolerations),
    },
  ],
  sign: ({ pod }) => signTolerations(pod.spec.tolerations),
  filter(pod, node) {
    if (!node.isUnschedulable || isTolerated(pod.pod.spec.tolerations)) return undefined
    return CORDONED
  },
}
