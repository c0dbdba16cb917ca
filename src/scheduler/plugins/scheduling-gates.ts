/** SchedulingGates: a pod with gates in its spec does not enter the queue until the last one is removed. */
import { ACTION } from '../cluster-event.ts'
import { type Plugin, unschedulable } from '../framework.ts'

const NAME = 'SchedulingGates'

export const schedulingGates: Plugin = {
  name: NAME,
  eventsToRegister: [
    {
      on: { resource: 'Pod', action: ACTION.updatePodSchedulingGatesEliminated },
      hint: (pod, change) => change.pod?.metadata.uid === pod.uid,
    },
  ],
  preEnqueue(pod) {
    const gates = pod.spec.schedulingGates
    if (!gates?.length) return undefined
    return unschedulable(NAME, `waiting for scheduling gates: [${gates.map(gate => gate.name).join(' ')}]`)
  },
}
