/** `sim heal [A [B]]`: undoes cuts and slowness, all of them when nobody is named. */
import { enter } from '../play.ts'
import { expectWords, type Verb } from './verb.ts'

export const HEAL: Verb = {
  name: 'heal',
  usage: 'heal [A [B]]',
  flags: [],
  read(call) {
    const [a, b] = expectWords(call, HEAL.usage, 0, 2)
    return function* ({ cluster }) {
      yield* enter(cluster, { do: 'heal', a, b })
    }
  },
}
