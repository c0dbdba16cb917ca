/**
 * `kubectl scale`: writes spec.replicas through the scale subresource, with the preconditions and the wait kubectl
 * knows.
 */
import { parseDuration } from '../../api/index.ts'
import { type ApiResult, call, type RequestOptions, requestFor } from '../../client/index.ts'
import { type Routine, sleep } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { resultPrinter } from '../results.ts'
import { SELECTION_FLAGS, type Selected, selectObjects } from '../selection.ts'
import { dryRunOf, WRITE_FLAGS } from '../write-flags.ts'

/** Between two tries after a conflict, and between two looks of `--timeout`. */
const RETRY_MS = 1000
/** How long conflicts are tried again. */
const RETRY_LIMIT_MS = 300_000

interface Scale {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly resourceVersion?: string }
  readonly spec: { readonly replicas?: number }
  readonly status?: { readonly replicas: number }
}

export const SCALE: Command = {
  name: 'scale',
  flags: [
    ...SELECTION_FLAGS,
    ...WRITE_FLAGS,
    { name: 'replicas', type: 'integer' },
    { name: 'current-replicas', type: 'integer' },
    { name: 'resource-version', type: 'string' },
    { name: 'timeout', type: 'string' },
  ],
  *run(invocation) {
    const { args } = invocation
    const { flags } = args
    const replicas = flags.integer('replicas')
    if (replicas === undefined) throw new KubectlError('error: required flag(s) "replicas" not set')
    if (replicas < 0) {
      throw new KubectlError(
        'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
      )
    }
    const print = resultPrinter(invocation)
    const dryRun = dryRunOf(flags)
    const targets = yield* selectObjects(invocation, args.words)
    if (flags.has('resource-version') && targets.length > 1) {
      throw new KubectlError('error: cannot use --resource-version with multiple resources')
    }
    for (const target of targets) {
      if (dryRun !== 'client') {
        yield* scale(invocation, target, replicas)
        if (dryRun === undefined) yield* awaitReplicas(invocation, target, replicas)
      }
      print(target.kind, target.object, 'scaled')
    }
  },
}

function* scale(invocation: Invocation, target: Selected, replicas: number): Routine<void> {
  const { context } = invocation
  const startMs = context.sim.now
  for (;;) {
    const result = yield* tryToScale(invocation, target, replicas)
    if (result.ok) return
    if (result.code !== 409 || context.sim.now - startMs >= RETRY_LIMIT_MS) throw statusError(result.status)
    yield* sleep(RETRY_MS)
  }
}

function* tryToScale(invocation: Invocation, target: Selected, replicas: number): Routine<ApiResult<Scale>> {
  const { context, args } = invocation
  const { kind, namespace, name } = target
  const options: RequestOptions = { dryRun: dryRunOf(args.flags) !== undefined }
  const wantedReplicas = args.flags.integer('current-replicas') ?? -1
  const wantedVersion = args.flags.text('resource-version') ?? ''
  if (wantedReplicas === -1 && wantedVersion === '') {
    return yield* call<Scale>(
      context.api,
      requestFor('patch', kind, namespace, name, {
        subresource: 'scale',
        body: { spec: { replicas } },
        options: { ...options, patchType: 'merge' },
      }),
    )
  }
  const current = yield* getScale(invocation, target)
  if (wantedReplicas !== -1) check('replicas', `${wantedReplicas}`, `${current.spec.replicas ?? 0}`)
  if (wantedVersion !== '') {
    check('resource version', wantedVersion, `${current.metadata.resourceVersion}`)
  }
  return yield* call<Scale>(
    context.api,
    requestFor('update', kind, namespace, name, {
      subresource: 'scale',
      body: { ...current, spec: { replicas } },
      options,
    }),
  )
}

function check(what: string, expected: string, actual: string): void {
  if (expected !== actual) {
    throw new KubectlError(`error: Expected ${what} to be ${expected}, was ${actual}`)
  }
}

function* getScale(invocation: Invocation, { kind, namespace, name }: Selected): Routine<Scale> {
  const result = yield* call<Scale>(
    invocation.context.api,
    requestFor('get', kind, namespace, name, { subresource: 'scale' }),
  )
  if (!result.ok) throw statusError(result.status)
  return result.object
}

/** With `--timeout`: waits until the status has as many replicas as were asked for, or somebody asks for others. */
function* awaitReplicas(invocation: Invocation, target: Selected, replicas: number): Routine<void> {
  const { sim } = invocation.context
  const limitMs = parseDuration(invocation.args.flags.text('timeout') ?? '0s')
  if (limitMs === 0) return
  const startMs = sim.now
  for (;;) {
    const { spec, status } = yield* getScale(invocation, target)
    if ((spec.replicas ?? 0) !== replicas || status?.replicas === replicas) return
    if (sim.now - startMs >= limitMs) {
      throw new KubectlError(`error: timed out waiting for ${JSON.stringify(target.name)} to be synced`)
    }
    yield* sleep(RETRY_MS)
  }
}
