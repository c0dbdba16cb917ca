/**
 * `kubectl delete`: by name, selector or file; waits until the objects have gone unless told otherwise.
 */
import { type AnyKind, type KubeObject, parseDuration } from '../../api/index.ts'
import { type ApiResult, call, type RequestOptions, requestFor } from '../../client/index.ts'
import { type Routine, sleep } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { FILE_FLAGS, readManifests } from '../manifests.ts'
import { fetchResources, NO_RESOURCES, readResources } from '../resources.ts'
import { dryRunOf, dryRunSuffix } from '../write-flags.ts'

/** How often kubectl's wait would look; the real one watches. */
const POLL_MS = 100

interface Target {
  readonly kind: AnyKind
  readonly namespace: string
  readonly name: string
}

export const DELETE: Command = {
  name: 'delete',
  flags: [
    ...FILE_FLAGS,
    { name: 'all', type: 'boolean' },
    { name: 'all-namespaces', short: 'A', type: 'boolean' },
    { name: 'selector', short: 'l', type: 'string' },
    { name: 'field-selector', type: 'string' },
    { name: 'grace-period', type: 'integer' },
    { name: 'now', type: 'boolean' },
    { name: 'force', type: 'boolean' },
    { name: 'wait', type: 'boolean' },
    { name: 'timeout', type: 'string' },
    { name: 'ignore-not-found', type: 'boolean' },
    { name: 'cascade', type: 'optional', default: 'background' },
    { name: 'output', short: 'o', type: 'string' },
    { name: 'dry-run', type: 'optional', default: 'unchanged' },
  ],
  *run(invocation) {
    const { args, output } = invocation
    const isForced = args.flags.isSet('force')
    if (isForced) {
      output.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      )
    }
    const targets = yield* findTargets(invocation)
    if (targets.length === 0 && !args.flags.has('filename')) {
      if (!invocation.args.flags.isSet('ignore-not-found')) output.out('No resources found\n')
      return
    }
    const waited: { target: Target; uid: string }[] = []
    for (const target of targets) {
      const uid = yield* remove(invocation, target, isForced)
      if (uid !== undefined) waited.push({ target, uid })
    }
    if (!args.flags.has('wait') || args.flags.isSet('wait')) yield* waitUntilGone(invocation, waited)
  },
}

function* findTargets(invocation: Invocation): Routine<Target[]> {
  const { args, context, namespace } = invocation
  const { flags } = args
  if (flags.has('filename')) {
    return readManifests(invocation).map(({ kind, object, namespace }) => ({
      kind,
      namespace,
      name: object.metadata.name ?? '',
    }))
  }
  const requests = readResources(context.scheme, args.words)
  if (requests.length === 0) {
    throw new KubectlError(NO_RESOURCES)
  }
  const isSelected = flags.has('selector') || flags.has('field-selector') || flags.isSet('all')
  if (!isSelected && requests.some(request => !request.names)) {
    throw new KubectlError('error: resource(s) were provided, but no name was specified')
  }
  const targets: Target[] = []
  for (const { kind, names } of requests) {
    if (names) {
      for (const name of names) targets.push({ kind, namespace: kind.isNamespaced ? namespace : '', name })
      continue
    }
    const found = yield* fetchResources(invocation, [{ kind, names: undefined }], {
      allNamespaces: flags.isSet('all-namespaces'),
      labelSelector: flags.text('selector'),
      fieldSelector: flags.text('field-selector'),
    })
    for (const object of found.flatMap(part => part.objects)) {
      targets.push({ kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name })
    }
  }
  return targets
}

/** Deletes one object and prints that it did; gives its uid, or undefined when there is nothing to wait for. */
function* remove(invocation: Invocation, target: Target, isForced: boolean): Routine<string | undefined> {
  const { args, context, output } = invocation
  const { kind, namespace, name } = target
  const dryRun = dryRunOf(args.flags)
  const result: ApiResult<KubeObject & { details?: { uid?: string } }> = yield* call(
    context.api,
    dryRun === 'client'
      ? requestFor('get', kind, namespace, name)
      : requestFor('delete', kind, namespace, name, {
          options: { ...deleteOptions(invocation, isForced), dryRun: dryRun === 'server' },
        }),
  )
  if (!result.ok) {
    if (result.code === 404 && args.flags.isSet('ignore-not-found')) return undefined
    invocation.fail(statusError(result.status).message)
    return undefined
  }
  const type = kind.group ? `${kind.singular}.${kind.group}` : kind.singular
  const how = isForced ? 'force deleted' : 'deleted'
  output.out(
    args.flags.text('output') === 'name'
      ? `${type}/${name}\n`
      : `${type} "${name}" ${how}${dryRunSuffix(dryRun)}\n`,
  )
  if (dryRun) return undefined
  return result.object.metadata?.uid ?? result.object.details?.uid
}

function deleteOptions(invocation: Invocation, isForced: boolean): RequestOptions {
  const { flags } = invocation.args
  const grace = flags.integer('grace-period')
  const cascade = flags.text('cascade') ?? 'background'
  const policies: Readonly<Record<string, RequestOptions['propagationPolicy']>> = {
    background: 'Background',
    true: 'Background',
    foreground: 'Foreground',
    orphan: 'Orphan',
    false: 'Orphan',
  }
  const propagationPolicy = policies[cascade]
  if (!propagationPolicy) {
    throw new KubectlError(
      `error: invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`,
    )
  }
  const gracePeriodSeconds = isForced
    ? 0
    : flags.isSet('now')
      ? 1
      : grace === undefined || grace < 0
        ? undefined
        : grace
  return { propagationPolicy, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) }
}

function* waitUntilGone(
  invocation: Invocation,
  waited: readonly { target: Target; uid: string }[],
): Routine<void> {
  const { args, context } = invocation
  const limitMs = parseDuration(args.flags.text('timeout') ?? '0s') || Number.POSITIVE_INFINITY
  const startMs = context.sim.now
  for (const { target, uid } of waited) {
    const { kind, namespace, name } = target
    for (;;) {
      const result: ApiResult = yield* call(context.api, requestFor('get', kind, namespace, name))
      if (!result.ok || result.object.metadata.uid !== uid) break
      if (context.sim.now - startMs >= limitMs) {
        throw new KubectlError(`error: timed out waiting for the condition on ${kind.plural}/${name}`)
      }
      yield* sleep(POLL_MS)
    }
  }
}
