/**
 * `kubectl drain`: closes nodes to new pods and takes theirs away, by eviction where the server knows it and by
 * deletion otherwise. Mirrors k8s.io/kubectl/pkg/cmd/drain and pkg/drain.
 */
import {
  formatDuration,
  type KubeList,
  type Node,
  Nodes,
  type Pod,
  Pods,
  parseDuration,
} from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import { type Routine, sleep } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { type DrainList, filterPods } from '../drain-filters.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { findNodes, setUnschedulable } from '../nodes.ts'
import { type PrintResult, resultPrinter } from '../results.ts'
import { dryRunOf, WRITE_FLAGS } from '../write-flags.ts'

/** Between two looks whether pods have gone. */
const POLL_MS = 1000
/** After an eviction that a PodDisruptionBudget forbade. */
const RETRY_MS = 5000

export const DRAIN: Command = {
  name: 'drain',
  flags: [
    ...WRITE_FLAGS,
    { name: 'selector', short: 'l', type: 'string' },
    { name: 'pod-selector', type: 'string' },
    { name: 'force', type: 'boolean' },
    { name: 'ignore-daemonsets', type: 'boolean' },
    { name: 'delete-emptydir-data', type: 'boolean' },
    { name: 'grace-period', type: 'integer' },
    { name: 'timeout', type: 'string' },
    { name: 'disable-eviction', type: 'boolean' },
    { name: 'skip-wait-for-delete-timeout', type: 'integer' },
    { name: 'chunk-size', type: 'integer' },
  ],
  *run(invocation) {
    const { output } = invocation
    const print = resultPrinter(invocation)
    const nodes = yield* findNodes(invocation, 'drain NODE')
    yield* setUnschedulable(invocation, nodes, true, print)
    const pending: string[] = []
    for (const node of nodes) {
      const { name } = node.metadata
      try {
        yield* drainNode(invocation, node, print)
        print(Nodes, node, 'drained')
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error
        const why = inOneLine(error.message)
        output.err(
          `error: unable to drain node ${JSON.stringify(name)} due to error: ${why}, continuing command...\n`,
        )
        invocation.fail(error.message)
        pending.push(name)
      }
    }
    if (pending.length > 0) {
      output.err(`There are pending nodes to be drained:\n${pending.map(name => ` ${name}\n`).join('')}`)
    }
  },
}

/** Takes the pods of one node away. Throws KubectlError. */
function* drainNode(invocation: Invocation, node: Node, print: PrintResult): Routine<void> {
  const { output, args } = invocation
  const { name } = node.metadata
  const list = yield* podsToDelete(invocation, name)
  if (list.errors.length > 0) throw new KubectlError(list.errors.join('\n'))
  if (list.warnings !== '') output.err(`Warning: ${list.warnings}\n`)
  if (dryRunOf(args.flags) === 'client') {
    for (const { metadata } of list.pods) {
      output.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`)
    }
    return
  }
  try {
    yield* removeAll(invocation, list.pods, print)
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    const left = (yield* podsToDelete(invocation, name)).pods
    if (left.length > 0) {
      const why = inOneLine(error.message)
      output.err(`There are pending pods in node ${JSON.stringify(name)} when an error occurred: ${why}\n`)
      for (const pod of left) output.err(`pod/${pod.metadata.name}\n`)
    }
    throw error
  }
}

/** Several errors, which stand a line each at the end, as they stand within a sentence. */
function inOneLine(message: string): string {
  const errors = message.split('\n')
  return errors.length === 1 ? message.replace(/^error: /, '') : `[${errors.join(', ')}]`
}

function* podsToDelete(invocation: Invocation, nodeName: string): Routine<DrainList> {
  const { args, context } = invocation
  const list: ApiResult<KubeList<Pod>> = yield* call(
    context.api,
    requestFor('list', Pods, '', '', {
      options: {
        fieldSelector: `spec.nodeName=${nodeName}`,
        labelSelector: args.flags.text('pod-selector'),
      },
    }),
  )
  if (!list.ok) throw statusError(list.status)
  const skipMs = (args.flags.integer('skip-wait-for-delete-timeout') ?? 0) * 1000
  const pods = list.object.items.filter(pod => !isLongDeleted(pod, context.sim.now, skipMs))
  return yield* filterPods(invocation, pods)
}

function isLongDeleted(pod: Pod, nowMs: number, skipMs: number): boolean {
  const { deletionTimestamp } = pod.metadata
  return skipMs > 0 && deletionTimestamp !== undefined && nowMs - Date.parse(deletionTimestamp) > skipMs
}

/** One pod on its way: `removed` once the server has accepted. */
interface Removal {
  readonly pod: Pod
  isAccepted: boolean
  /** Not before this time, in ms since the Unix epoch. */
  tryAtMs: number
}

/** Evicts or deletes the pods, all at once, and waits until they have gone. Throws KubectlError. */
function* removeAll(invocation: Invocation, pods: readonly Pod[], print: PrintResult): Routine<void> {
  const { args, context, output } = invocation
  const { sim } = context
  const timeoutMs = parseDuration(args.flags.text('timeout') ?? '0s')
  const deadlineMs = timeoutMs === 0 ? Number.POSITIVE_INFINITY : sim.now + timeoutMs
  const isEviction = Pods.actions?.eviction !== undefined && !args.flags.isSet('disable-eviction')
  let waiting: Removal[] = pods.map(pod => ({ pod, isAccepted: false, tryAtMs: sim.now }))
  const suffix = dryRunOf(args.flags) === 'server' ? ' (server dry run)' : ''
  for (;;) {
    for (const removal of waiting) {
      if (removal.isAccepted || sim.now < removal.tryAtMs) continue
      const { namespace, name } = removal.pod.metadata
      if (isEviction) output.out(`evicting pod ${namespace}/${name}${suffix}\n`)
      yield* remove(invocation, removal, isEviction)
    }
    if (suffix !== '') return
    waiting = yield* stillThere(invocation, waiting, isEviction, print)
    if (waiting.length === 0) return
    if (sim.now >= deadlineMs) throw timedOut(waiting, isEviction, timeoutMs)
    yield* sleep(POLL_MS)
  }
}

function timedOut(waiting: readonly Removal[], isEviction: boolean, timeoutMs: number): KubectlError {
  if (!isEviction) return new KubectlError('error: context deadline exceeded')
  const limit = formatDuration(timeoutMs)
  const errors = waiting.map(({ pod, isAccepted }) => {
    const name = JSON.stringify(pod.metadata.name)
    const namespace = JSON.stringify(pod.metadata.namespace)
    return isAccepted
      ? `error when waiting for pod ${name} in namespace ${namespace} to terminate: global timeout reached: ${limit}`
      : `error when evicting pods/${name} -n ${namespace}: global timeout reached: ${limit}`
  })
  return new KubectlError(errors.join('\n'))
}

function* remove(invocation: Invocation, removal: Removal, isEviction: boolean): Routine<void> {
  const { args, context, output } = invocation
  const { namespace = '', name } = removal.pod.metadata
  const grace = args.flags.integer('grace-period') ?? -1
  const gracePeriod = grace >= 0 ? { gracePeriodSeconds: grace } : {}
  const dryRun = dryRunOf(args.flags) === 'server'
  const result: ApiResult = isEviction
    ? yield* call(
        context.api,
        requestFor('create', Pods, namespace, name, {
          subresource: 'eviction',
          body: {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name, namespace },
            deleteOptions: gracePeriod,
          },
          options: { dryRun, ...gracePeriod },
        }),
      )
    : yield* call(
        context.api,
        requestFor('delete', Pods, namespace, name, { options: { dryRun, ...gracePeriod } }),
      )
  if (result.ok || result.code === 404) {
    removal.isAccepted = true
    return
  }
  const what = `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`
  if (isEviction && result.code === 429) {
    output.err(`${what} (will retry after 5s): ${result.status.message}\n`)
    removal.tryAtMs = context.sim.now + RETRY_MS
    return
  }
  throw isEviction ? new KubectlError(`${what}: ${result.status.message}`) : statusError(result.status)
}

function* stillThere(
  invocation: Invocation,
  waiting: readonly Removal[],
  isEviction: boolean,
  print: PrintResult,
): Routine<Removal[]> {
  const { context, output, args } = invocation
  const skipSeconds = args.flags.integer('skip-wait-for-delete-timeout') ?? 0
  const left: Removal[] = []
  for (const removal of waiting) {
    const { namespace = '', name, uid } = removal.pod.metadata
    if (!removal.isAccepted) {
      left.push(removal)
      continue
    }
    const result: ApiResult<Pod> = yield* call(context.api, requestFor('get', Pods, namespace, name))
    if (!result.ok && result.code !== 404) throw statusError(result.status)
    if (!result.ok || result.object.metadata.uid !== uid) {
      print(Pods, removal.pod, isEviction ? 'evicted' : 'deleted')
    } else if (isLongDeleted(result.object, context.sim.now, skipSeconds * 1000)) {
      output.out(
        `pod ${JSON.stringify(name)} has DeletionTimestamp older than ${skipSeconds} seconds, skipping\n`,
      )
    } else {
      left.push(removal)
    }
  }
  return left
}
