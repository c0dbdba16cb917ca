/** `sim crash node node-2`, `sim crash etcd`: power off. Nothing in memory is left, and nobody is told. */
import { enter } from '../play.ts'
import { targetOf, type Verb } from './verb.ts'

export const CRASH: Verb = {
  name: 'crash',
  usage: 'crash [node] NAME',
  flags: [],
  read(call) {
    const target = targetOf(call, CRASH.usage)
    return function* ({ cluster }) {
      yield* enter(cluster, { do: 'crash', target })
    }
  },
}
