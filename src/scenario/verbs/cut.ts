/** `sim cut node-1 kube-apiserver`: nothing gets through between two endpoints, or between one and all others. */
import { enter } from '../play.ts'
import { expectWords, type Verb } from './verb.ts'

export const CUT: Verb = {
  name: 'cut',
  usage: 'cut A [B]',
  flags: [],
  read(call) {
    const [a = '', b] = expectWords(call, CUT.usage, 1, 2)
    return function* ({ cluster }) {
      yield* enter(cluster, { do: 'cut', a, b })
    }
  },
}
