/**
 * `sim wait`: as `kubectl wait`, but by looking rather than asking, so that it also works while the API server is
 * down; and `--for` may be any expression. Where it differs: an object that is not there yet is waited for.
 */
import { findCondition, formatDuration, isConditionTrue } from '../../api/index.ts'
import type { Cluster } from '../../cluster/index.ts'
import { UserError } from '../../sim/index.ts'
import { until } from '../play.ts'
import { expectWords, flagOf, spanFlag, type Verb, type VerbCall } from './verb.ts'

/** kubectl's. */
const DEFAULT_TIMEOUT_MS = 30_000

/** What is waited for: an answer for now, and words for it. */
interface Goal {
  readonly isReached: (cluster: Cluster) => boolean
  readonly expected: string
  readonly actual: (cluster: Cluster) => string
}

export const WAIT: Verb = {
  name: 'wait',
  usage: "wait KIND/NAME --for=(condition=TYPE|create|delete|'EXPR') [--timeout=30s], or wait 'EXPR'",
  flags: ['for', 'timeout'],
  read(call) {
    const goal = readGoal(call)
    const timeoutMs = spanFlag(call, 'timeout', DEFAULT_TIMEOUT_MS)
    return function* ({ cluster, fail }) {
      const isReached = yield* until(cluster, () => goal.isReached(cluster), timeoutMs)
      if (!isReached) {
        fail(
          `${goal.expected} within ${formatDuration(timeoutMs)}`,
          `timed out waiting: ${goal.actual(cluster)}`,
        )
      }
    }
  },
}

function readGoal(call: VerbCall): Goal {
  const [what, ...rest] = expectWords(call, WAIT.usage, 0, 1)
  const wanted = flagOf(call, 'for')
  if (wanted === undefined) {
    if (what !== undefined && rest.length === 0) return expressionGoal(call, what)
    throw new UserError('for what?', { where: call.where('wait'), mend: `Write: sim ${WAIT.usage}` })
  }
  if (what === undefined) return expressionGoal(call, wanted)
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(wanted)
  if (condition) return conditionGoal(what, condition[1]!, condition[2] ?? 'True')
  if (wanted === 'create' || wanted === 'delete') {
    const isWanted = wanted === 'create'
    return {
      isReached: cluster => (find(cluster, what) !== undefined) === isWanted,
      expected: `${what} ${isWanted ? 'created' : 'deleted'}`,
      actual: () => (isWanted ? 'it does not exist' : 'it still exists'),
    }
  }
  return expressionGoal(call, wanted)
}

function expressionGoal(call: VerbCall, text: string): Goal {
  const expression = call.expression(text)
  return { isReached: () => expression.holds(), expected: text, actual: () => expression.values() }
}

function conditionGoal(what: string, type: string, status: string): Goal {
  const wantsTrue = status.toLowerCase() === 'true'
  return {
    isReached: cluster => {
      const object = find(cluster, what)
      return wantsTrue ? isConditionTrue(object, type) : statusOf(object, type) === status.toLowerCase()
    },
    expected: `${what}: condition ${type} is ${status}`,
    actual: cluster => {
      const object = find(cluster, what)
      return object ? `condition ${type} is ${statusOf(object, type) ?? 'absent'}` : 'it does not exist'
    },
  }
}

/** In lower case, as kubectl compares. */
function statusOf(object: ReturnType<typeof find>, type: string): string | undefined {
  return findCondition(object, type)?.status.toLowerCase()
}

function find({ observer }: Cluster, reference: string) {
  return observer.get(observer.reference(reference))
}
