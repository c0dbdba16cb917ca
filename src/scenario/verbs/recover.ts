/** `sim recover node node-2`: power on again. */
import { enter } from '../play.ts'
import { targetOf, type Verb } from './verb.ts'

export const RECOVER: Verb = {
  name: 'recover',
  usage: 'recover [node] NAME',
  flags: [],
  read(call) {
    const target = targetOf(call, RECOVER.usage)
    return function* ({ cluster }) {
      yield* enter(cluster, { do: 'recover', target })
    }
  },
}
