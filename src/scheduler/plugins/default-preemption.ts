/**
 * DefaultPreemption, as far as its answer: which nodes would be of no help, in upstream's words. Evicting pods of
 * lower priority is absent: where there are some on a node that rejected the pod, `unmodelled` says so.
 */
import type { Plugin } from '../framework.ts'
import { describeRejections } from '../messages.ts'

const NAME = 'DefaultPreemption'
const NOT_HELPFUL = 'Preemption is not helpful for scheduling'
const NO_VICTIMS = 'No preemption victims found for incoming pod'

export const defaultPreemption: Plugin = {
  name: NAME,
  postFilter(pod, snapshot, rejections) {
    if (pod.pod.spec.preemptionPolicy === 'Never') {
      return { message: 'preemption: not eligible due to preemptionPolicy=Never.' }
    }
    let helpless = 0
    let withoutVictims = 0
    let hasVictims = false
    for (const node of snapshot.nodes) {
      const rejection = rejections.get(node.name)
      if (!rejection || rejection.isUnresolvable) {
        helpless++
        continue
      }
      withoutVictims++
      hasVictims ||=
        pod.priority > snapshot.lowestPriority && node.pods.some(other => other.priority < pod.priority)
    }
    const counts = new Map([
      [NOT_HELPFUL, helpless],
      [NO_VICTIMS, withoutVictims],
    ])
    const message = `preemption: ${describeRejections(snapshot.nodes.length, counts)}`
    return hasVictims ? { message, unmodelled: 'preemption of pods with lower priority' } : { message }
  },
}
