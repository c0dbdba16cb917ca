/** `sim request deployment/frontend http://web/`: a request from inside a pod, with every hop of its way. */
import { isConditionTrue } from '../../api/index.ts'
import type { Cluster, RequestResult } from '../../cluster/index.ts'
import { UserError } from '../../sim/index.ts'
import { enter } from '../play.ts'
import { podsOf } from '../pods-of.ts'
import { expectWords, type Verb } from './verb.ts'

export const REQUEST: Verb = {
  name: 'request',
  usage: 'request POD URL (or deployment/NAME for its first ready pod)',
  flags: [],
  read(call) {
    const [from = '', url = ''] = expectWords(call, REQUEST.usage, 2)
    return function* ({ cluster, print, refuse }) {
      const pod = askerOf(cluster, from)
      const result = (yield* enter(cluster, { do: 'request', pod, url })) as RequestResult
      print(result.text)
      if (!result.ok) refuse('an answer', result.body)
    }
  },
}

/** `namespace/name` of the pod that asks: the one named, or the first ready one. Throws UserError. */
function askerOf(cluster: Cluster, from: string): string {
  const pods = podsOf(cluster, from)
  const [pod] = pods.length > 1 ? pods.filter(candidate => isConditionTrue(candidate, 'Ready')) : pods
  if (!pod) throw new UserError(`${from} has no ready pod to ask from`, { mend: 'Wait for one first.' })
  return `${pod.metadata.namespace}/${pod.metadata.name}`
}
