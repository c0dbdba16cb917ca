/** `kubectl logs`: what containers have written. Following (`-f`) is refused: virtual time has no end to wait for. */
import { type Pod, parseDuration } from '../../api/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation, LogOptions, LogsPort } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { defaultContainer, hasContainer, listPods, podOf } from '../pod-of.ts'

const USAGE =
  "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples"
/** Lines of each pod when a selector is given. */
const SELECTOR_TAIL = 10

export const LOGS: Command = {
  name: 'logs',
  flags: [
    { name: 'container', short: 'c', type: 'string' },
    { name: 'all-containers', type: 'boolean' },
    { name: 'previous', short: 'p', type: 'boolean' },
    { name: 'tail', type: 'integer' },
    { name: 'since', type: 'string' },
    { name: 'since-time', type: 'string' },
    { name: 'timestamps', type: 'boolean' },
    { name: 'selector', short: 'l', type: 'string' },
    { name: 'prefix', type: 'boolean' },
    { name: 'follow', short: 'f', type: 'boolean' },
    { name: 'ignore-errors', type: 'boolean' },
  ],
  *run(invocation) {
    const { args, context, output, namespace } = invocation
    const { flags, words } = args
    const { logs } = context
    const selector = flags.text('selector')
    if (words.length > 2 || (words.length === 0 && !selector)) throw new KubectlError(USAGE)
    if (words.length === 1 && selector) {
      throw new KubectlError(
        "error: only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and examples",
      )
    }
    if (words.length === 2 && flags.has('container')) {
      throw new KubectlError('error: only one of -c or an inline [CONTAINER] arg is allowed')
    }
    if (flags.isSet('follow')) {
      throw new KubectlError('error: following logs is not modelled; let time pass and ask again')
    }
    if (!logs) throw new KubectlError('error: logs are not to be had here: no kubelets are connected')
    const options = logOptions(invocation)
    const container = flags.text('container') ?? words[1]
    for (const pod of yield* findPods(invocation)) {
      for (const name of containersOf(invocation, pod, container)) {
        print(invocation, logs, pod, name, options)
      }
    }
    if (selector && (yield* listPods(invocation, selector)).length === 0) {
      output.err(`No resources found in ${namespace} namespace.\n`)
    }
  },
}

function logOptions(invocation: Invocation): LogOptions {
  const { args, context } = invocation
  const { flags } = args
  const since = flags.text('since')
  const sinceTime = flags.text('since-time')
  if (since !== undefined && sinceTime !== undefined) {
    throw new KubectlError('error: at most one of `sinceTime` or `sinceSeconds` may be specified')
  }
  const sinceMs =
    since !== undefined
      ? context.sim.now - parseDuration(since)
      : sinceTime !== undefined
        ? Date.parse(sinceTime)
        : undefined
  const tail = flags.integer('tail') ?? (flags.has('selector') ? SELECTOR_TAIL : -1)
  if (tail < -1) throw new KubectlError('error: --tail must be greater than or equal to -1')
  return {
    previous: flags.isSet('previous'),
    timestamps: flags.isSet('timestamps'),
    ...(tail >= 0 && { tailLines: tail }),
    ...(sinceMs !== undefined && { sinceMs }),
  }
}

function* findPods(invocation: Invocation): Routine<readonly Pod[]> {
  const { args, output, namespace } = invocation
  const selector = args.flags.text('selector')
  if (selector) return yield* listPods(invocation, selector)
  const [word = ''] = args.words
  try {
    const { pod, count } = yield* podOf(invocation, word)
    if (count > 1) output.err(`Found ${count} pods, using pod/${pod.metadata.name}\n`)
    return [pod]
  } catch (error) {
    const notFound = /^Error from server \(NotFound\): (.*)$/.exec((error as Error).message)
    if (!(error instanceof KubectlError) || !notFound) throw error
    throw new KubectlError(
      `error: error from server (NotFound): ${notFound[1]} in namespace ${JSON.stringify(namespace)}`,
    )
  }
}

function containersOf(invocation: Invocation, pod: Pod, wanted: string | undefined): readonly string[] {
  const { containers, initContainers = [] } = pod.spec
  if (invocation.args.flags.isSet('all-containers')) {
    if (wanted !== undefined) {
      throw new KubectlError(
        `error: --all-containers=true should not be specified with container name ${wanted}`,
      )
    }
    return [...initContainers, ...containers].map(({ name }) => name)
  }
  if (wanted === undefined) return [defaultContainer(invocation, pod)]
  if (hasContainer(pod, wanted)) return [wanted]
  throw new KubectlError(`error: container ${wanted} is not valid for pod ${pod.metadata.name}`)
}

function print(
  invocation: Invocation,
  logs: LogsPort,
  pod: Pod,
  container: string,
  options: LogOptions,
): void {
  const { args, output } = invocation
  const { namespace = '', name } = pod.metadata
  const text = logs(namespace, name, container, options)
  if (text === undefined) {
    const refusal = refusalOf(pod, container, options.previous)
    if (!args.flags.isSet('ignore-errors')) throw new KubectlError(refusal)
    output.out(`${refusal}\n`)
    return
  }
  const prefix = args.flags.isSet('prefix') ? `[pod/${name}/${container}] ` : ''
  output.out(prefix === '' ? text : text.replace(/^(?=[\s\S])/gm, prefix))
}

/** Why the API server or the kubelet has no log, in their words. */
function refusalOf(pod: Pod, container: string, isPrevious: boolean): string {
  const { name } = pod.metadata
  const quoted = JSON.stringify(container)
  const podName = JSON.stringify(name)
  const head = `Error from server (BadRequest):`
  if (pod.spec.nodeName === undefined) return `${head} pod ${name} does not have a host assigned`
  if (isPrevious) return `${head} previous terminated container ${quoted} in pod ${podName} not found`
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status
  const status = [...containerStatuses, ...initContainerStatuses].find(entry => entry.name === container)
  const reason = status?.state?.waiting?.reason
  if (!status || reason === undefined) {
    return `${head} container ${quoted} in pod ${podName} is not available`
  }
  if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff') {
    const why = reason === 'ErrImagePull' ? "image can't be pulled" : 'trying and failing to pull image'
    return `${head} container ${quoted} in pod ${podName} is waiting to start: ${why}`
  }
  return `${head} container ${quoted} in pod ${podName} is waiting to start: ${reason}`
}
