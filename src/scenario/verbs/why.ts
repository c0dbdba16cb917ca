/** `sim why pod/web`: the causal chain behind an object's last change. */
import { expectWords, type Verb } from './verb.ts'

export const WHY: Verb = {
  name: 'why',
  usage: 'why KIND/NAME',
  flags: [],
  read(call) {
    const [reference = ''] = expectWords(call, WHY.usage, 1)
    return function* ({ cluster, print }) {
      print(`${cluster.why(reference)}\n`)
    }
  },
}
