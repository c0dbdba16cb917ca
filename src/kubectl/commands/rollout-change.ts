/** `kubectl rollout restart`, `pause` and `resume`: small strategic merge patches of workloads. */
import { type Deployment, type KubeObject, statuses } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import { formatTime, type Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'

/** A change of a workload. */
interface Change {
  readonly verb: string
  /** What is said of each object that was changed. */
  readonly operation: string
  readonly kinds: readonly string[]
  /** What is said of other kinds. */
  readonly otherKinds: string
  /** Why the object cannot be changed; undefined when it can. */
  refuse(object: Deployment): string | undefined
  patch(nowMs: number): object
}

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

export const ROLLOUT_RESTART = command({
  verb: 'restart',
  operation: 'restarted',
  kinds: ['Deployment', 'DaemonSet', 'StatefulSet'],
  otherKinds: 'restarting is not supported',
  refuse: object =>
    object.spec?.paused ? "can't restart paused deployment (run rollout resume first)" : undefined,
  patch: nowMs => ({
    spec: { template: { metadata: { annotations: { [RESTARTED_AT]: formatTime(nowMs) } } } },
  }),
})

export const ROLLOUT_PAUSE = command({
  verb: 'pause',
  operation: 'paused',
  kinds: ['Deployment'],
  otherKinds: 'pausing is not supported',
  refuse: object => (object.spec?.paused ? 'is already paused' : undefined),
  patch: () => ({ spec: { paused: true } }),
})

export const ROLLOUT_RESUME = command({
  verb: 'resume',
  operation: 'resumed',
  kinds: ['Deployment'],
  otherKinds: 'resuming is not supported',
  refuse: object => (object.spec?.paused ? undefined : 'is not paused'),
  patch: () => ({ spec: { paused: null } }),
})

function command(change: Change): Command {
  return {
    name: `rollout ${change.verb}`,
    flags: [
      ...SELECTION_FLAGS,
      { name: 'output', short: 'o', type: 'string' },
      { name: 'field-manager', type: 'string' },
    ],
    *run(invocation) {
      const { args, namespace, output } = invocation
      const print = resultPrinter(invocation)
      const targets = yield* selectObjects(invocation, args.words, {
        allByDefault: true,
        whenNothing: 'error: required resource not specified',
      })
      if (targets.length === 0 && !invocation.hasFailed) {
        output.err(`No resources found in ${namespace} namespace.\n`)
      }
      for (const target of targets) {
        try {
          print(target.kind, yield* apply(invocation, target, change), change.operation)
        } catch (error) {
          if (!(error instanceof KubectlError)) throw error
          invocation.fail(error.message)
        }
      }
    },
  }
}

function* apply(invocation: Invocation, target: Selected, change: Change): Routine<KubeObject> {
  const { context } = invocation
  const { kind, namespace, name, object } = target
  const why = change.kinds.includes(kind.kind) ? change.refuse(object as Deployment) : change.otherKinds
  if (why !== undefined) {
    throw new KubectlError(`error: ${statuses.qualified(kind)} ${JSON.stringify(name)} ${why}`)
  }
  const body = change.patch(context.sim.now)
  const result: ApiResult = yield* call(
    context.api,
    requestFor('patch', kind, namespace, name, {
      body,
      options: { patchType: 'strategic', fieldManager: 'kubectl-rollout' },
      isFromWire: true,
    }),
  )
  if (!result.ok) throw new KubectlError(`error: failed to patch: ${result.status.message}`)
  if (result.object.metadata.resourceVersion === object.metadata.resourceVersion) {
    throw new KubectlError(
      `error: failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
    )
  }
  return result.object
}
