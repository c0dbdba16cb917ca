/** `kubectl wait`: until objects are as wanted, one after the other, all within one timeout. */
import { type KubeObject, parseDuration } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import { type Routine, sleep } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { type PrintResult, resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { parseWaitCondition, type WaitCondition } from '../wait-conditions.ts'
import { type Sight, watchOne } from '../watch-one.ts'

const DEFAULT_TIMEOUT = '30s'
/** What a negative timeout means. */
const WEEK_MS = 7 * 24 * 3_600_000
/** Between two looks for objects that are to be created. */
const CREATE_POLL_MS = 500

/** One wait: what for, and until when (ms since the Unix epoch); `isOnce` for a timeout of zero. */
interface Wait {
  readonly condition: WaitCondition
  readonly deadlineMs: number
  readonly isOnce: boolean
}

export const WAIT: Command = {
  name: 'wait',
  flags: [
    ...SELECTION_FLAGS,
    { name: 'for', type: 'string' },
    { name: 'timeout', type: 'string' },
    { name: 'output', short: 'o', type: 'string' },
  ],
  *run(invocation) {
    const { args, context } = invocation
    const condition = parseWaitCondition(args.flags.text('for') ?? '')
    const timeoutMs = parseDuration(args.flags.text('timeout') ?? DEFAULT_TIMEOUT)
    const wait: Wait = {
      condition,
      deadlineMs: context.sim.now + (timeoutMs < 0 ? WEEK_MS : timeoutMs),
      isOnce: timeoutMs === 0,
    }
    const print = resultPrinter(invocation)
    if (condition.type === 'create') {
      for (const { kind, object } of yield* awaitCreation(invocation, wait)) {
        print(kind, object, 'condition met')
      }
      return
    }
    const isDeletion = condition.type === 'delete'
    const targets = yield* selectObjects(invocation, args.words, { ignoreNotFound: isDeletion })
    if (targets.length === 0 && !isDeletion && !invocation.hasFailed) {
      throw new KubectlError('error: no matching resources found')
    }
    for (const target of targets) yield* awaitOne(invocation, target, wait, print)
  },
}

function* awaitOne(invocation: Invocation, target: Selected, wait: Wait, print: PrintResult): Routine<void> {
  try {
    print(target.kind, yield* awaitCondition(invocation, target, wait), 'condition met')
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    invocation.fail(error.message)
  }
}

/** The object as it was when the condition was met. Throws KubectlError when it is not. */
function* awaitCondition(invocation: Invocation, target: Selected, wait: Wait): Routine<KubeObject> {
  const { context } = invocation
  const { kind, namespace, name } = target
  const { condition } = wait
  if (condition.type === 'delete' || wait.isOnce) {
    const result: ApiResult = yield* call(context.api, requestFor('get', kind, namespace, name))
    if (condition.type === 'delete') {
      if (!result.ok && result.code === 404) return target.object
    } else if (result.ok && condition.type === 'object' && condition.isMet(result.object)) {
      return result.object
    }
    if (!result.ok) throw statusError(result.status)
    if (wait.isOnce) throw new KubectlError(`error: condition not met for ${kind.plural}/${name}`)
  }
  const look = (sight: Sight): KubeObject | undefined => {
    if (condition.type === 'delete') return sight.type === 'absent' ? target.object : undefined
    if (sight.type === 'present') {
      return condition.type === 'object' && condition.isMet(sight.object) ? sight.object : undefined
    }
    if (sight.isDeletion) return undefined
    const qualified = kind.group ? `${kind.plural}.${kind.group}` : kind.plural
    throw new KubectlError(`Error from server (NotFound): ${qualified} ${JSON.stringify(name)} not found`)
  }
  const leftMs = wait.deadlineMs - context.sim.now
  const met = leftMs > 0 ? yield* watchOne(context, target, leftMs, look) : undefined
  if (!met) throw new KubectlError(`error: timed out waiting for the condition on ${kind.plural}/${name}`)
  return met
}

function* awaitCreation(invocation: Invocation, wait: Wait): Routine<Selected[]> {
  const { args, context } = invocation
  for (;;) {
    const found = yield* selectObjects(invocation, args.words, { ignoreNotFound: true })
    if (found.length > 0) return found
    if (context.sim.now >= wait.deadlineMs) {
      throw new KubectlError('error: timed out waiting for the condition')
    }
    yield* sleep(CREATE_POLL_MS)
  }
}
