/** `kubectl rollout status`: a line for every change of the object until the rollout is over. */
import { parseDuration } from '../../api/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { rolloutStatus } from '../rollout-status.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { watchOne } from '../watch-one.ts'

export const ROLLOUT_STATUS: Command = {
  name: 'rollout status',
  flags: [
    ...SELECTION_FLAGS,
    { name: 'watch', short: 'w', type: 'boolean' },
    { name: 'revision', type: 'integer' },
    { name: 'timeout', type: 'string' },
  ],
  *run(invocation) {
    const { args, output, namespace } = invocation
    const revision = args.flags.integer('revision') ?? 0
    if (revision < 0) throw new KubectlError(`error: revision must be a positive integer: ${revision}`)
    const targets = yield* selectObjects(invocation, args.words, {
      allByDefault: true,
      whenNothing: 'error: required resource not specified',
    })
    if (targets.length === 0 && !invocation.hasFailed) {
      output.err(`No resources found in ${namespace} namespace.\n`)
    }
    for (const target of targets) {
      try {
        yield* follow(invocation, target, revision)
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error
        invocation.fail(error.message)
      }
    }
  },
}

function* follow(invocation: Invocation, target: Selected, revision: number): Routine<void> {
  const { args, context, output } = invocation
  const isWatching = !args.flags.has('watch') || args.flags.isSet('watch')
  const limitMs = parseDuration(args.flags.text('timeout') ?? '0s')
  const isOver = yield* watchOne(context, target, limitMs || Number.POSITIVE_INFINITY, sight => {
    if (sight.type === 'absent') {
      if (sight.isDeletion) throw new KubectlError('error: object has been deleted')
      return undefined
    }
    const { text, isDone } = rolloutStatus(target.kind, sight.object, revision)
    output.out(text)
    return isDone || !isWatching ? true : undefined
  })
  if (!isOver) throw new KubectlError('error: timed out waiting for the condition')
}
