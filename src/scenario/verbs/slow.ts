/** `sim slow node-1 --latency=200ms`: a link that takes longer, by a span, by a factor, or both. */
import { UserError } from '../../sim/index.ts'
import { enter } from '../play.ts'
import { expectWords, flagOf, readSpan, type Verb } from './verb.ts'

export const SLOW: Verb = {
  name: 'slow',
  usage: 'slow A [B] [--latency=SPAN] [--factor=N]',
  flags: ['latency', 'factor'],
  read(call) {
    const [a = '', b] = expectWords(call, SLOW.usage, 1, 2)
    const latency = flagOf(call, 'latency')
    const factorText = flagOf(call, 'factor')
    if (latency === undefined && factorText === undefined) {
      throw new UserError('how slow?', { where: call.where('slow'), mend: `Write: sim ${SLOW.usage}` })
    }
    const latencyMs = latency === undefined ? undefined : readSpan(call, latency)
    const factor = factorText === undefined ? undefined : Number(factorText)
    if (factor !== undefined && !(factor >= 1)) {
      throw new UserError(`${JSON.stringify(factorText)} is no factor`, {
        where: call.where('--factor'),
        mend: 'Write a number from 1 up.',
      })
    }
    return function* ({ cluster }) {
      yield* enter(cluster, { do: 'slow', a, b, latencyMs, factor })
    }
  },
}
