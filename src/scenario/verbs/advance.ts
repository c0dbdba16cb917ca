/** `sim advance 30s`: lets virtual time pass. */
import { pass } from '../play.ts'
import { expectWords, readSpan, type Verb } from './verb.ts'

export const ADVANCE: Verb = {
  name: 'advance',
  usage: 'advance SPAN',
  flags: [],
  read(call) {
    const [span = ''] = expectWords(call, ADVANCE.usage, 1)
    const ms = readSpan(call, span)
    return ({ cluster }) => pass(cluster, ms)
  },
}
