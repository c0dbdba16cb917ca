/**
 * `sim always EXPR --while COND` or `--for SPAN`: what must hold after every single change, as long as something
 * goes on. It blocks until then, and stops at the change that breaks it.
 */
import { formatDuration } from '../../api/index.ts'
import { UserError } from '../../sim/index.ts'
import { clockTime } from '../clock-time.ts'
import { until } from '../play.ts'
import { expectWords, flagOf, readSpan, spanFlag, type Verb } from './verb.ts'

/** How long a condition may hold before the lesson is taken to hang. */
const PATIENCE_MS = 3_600_000

export const ALWAYS: Verb = {
  name: 'always',
  usage: "always 'EXPR' (--while='COND' [--timeout=1h] | --for=SPAN)",
  flags: ['while', 'for', 'timeout'],
  read(call) {
    const [text = ''] = expectWords(call, ALWAYS.usage, 1)
    const expression = call.expression(text)
    const conditionText = flagOf(call, 'while')
    const span = flagOf(call, 'for')
    if ((conditionText === undefined) === (span === undefined)) {
      throw new UserError('until when?', { where: call.where('always'), mend: `Write: sim ${ALWAYS.usage}` })
    }
    const condition = conditionText === undefined ? undefined : call.expression(conditionText)
    const spanMs = span === undefined ? spanFlag(call, 'timeout', PATIENCE_MS) : readSpan(call, span)
    return function* (stage) {
      if (condition && !condition.holds()) {
        stage.fail(`at first, ${condition.text}`, condition.values())
        return
      }
      const isOver = yield* until(
        stage.cluster,
        () => !expression.holds() || (condition !== undefined && !condition.holds()),
        spanMs,
      )
      if (!expression.holds()) {
        stage.fail(`always ${text}`, `at ${clockTime(stage.cluster.sim)}: ${expression.values()}`)
      } else if (!isOver && condition) {
        stage.fail(`an end of: ${condition.text}`, `still so after ${formatDuration(spanMs)}`)
      }
    }
  },
}
