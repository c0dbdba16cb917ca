/**
 * The pod (or pods) that `logs` and `exec` mean: `web`, `pod/web`, `deployment/web`. Mirrors
 * k8s.io/kubectl/pkg/polymorphichelpers.
 */
import {
  formatLabelSelector,
  formatLabels,
  isConditionTrue,
  type KubeList,
  type Pod,
  Pods,
} from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { Invocation } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'
import { readResources } from './resources.ts'

export interface FoundPod {
  readonly pod: Pod
  /** How many pods the workload has; 1 when a pod was named. */
  readonly count: number
}

/** Throws KubectlError when there is none. */
export function* podOf(invocation: Invocation, word: string): Routine<FoundPod> {
  const { context, namespace } = invocation
  const [request] = readResources(context.scheme, word.includes('/') ? [word] : ['pods', word])
  const { kind, names } = request!
  const name = names![0]!
  const scope = kind.isNamespaced ? namespace : ''
  const result: ApiResult = yield* call(context.api, requestFor('get', kind, scope, name))
  if (!result.ok) throw statusError(result.status)
  if (kind === Pods) return { pod: result.object as Pod, count: 1 }
  const { spec } = result.object as unknown as { spec?: { selector?: Readonly<Record<string, unknown>> } }
  const selector = spec?.selector
  if (!selector) {
    throw new KubectlError(
      `error: cannot get the logs from *${kind.version}.${kind.kind}: selector for *${kind.version}.${kind.kind} not implemented`,
    )
  }
  const labelSelector =
    kind.kind === 'Service'
      ? formatLabels(selector as Readonly<Record<string, string>>)
      : formatLabelSelector(selector)
  const pods = yield* listPods(invocation, labelSelector)
  const [first] = [...pods].sort(byLogging)
  if (!first) throw new KubectlError('error: timed out waiting for the condition')
  return { pod: first, count: pods.length }
}

/** Pods of the command's namespace. Throws KubectlError. */
export function* listPods(invocation: Invocation, labelSelector: string): Routine<readonly Pod[]> {
  const { context, namespace } = invocation
  const list: ApiResult<KubeList<Pod>> = yield* call(
    context.api,
    requestFor('list', Pods, namespace, '', { options: { labelSelector } }),
  )
  if (!list.ok) throw statusError(list.status)
  return list.object.items
}

/** Those most likely to have something to say first: bound, running, ready, long ready, often restarted, old. */
function byLogging(a: Pod, b: Pod): number {
  return (
    Number(b.spec.nodeName !== undefined) - Number(a.spec.nodeName !== undefined) ||
    phaseRank(a) - phaseRank(b) ||
    Number(isConditionTrue(b, 'Ready')) - Number(isConditionTrue(a, 'Ready')) ||
    restarts(b) - restarts(a) ||
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp)
  )
}

function phaseRank(pod: Pod): number {
  return { Running: 0, Unknown: 1, Pending: 2 }[pod.status.phase ?? ''] ?? 0
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status.containerStatuses ?? []).map(status => status.restartCount))
}

/** Every container's name, as the hint about the default container lists them. */
function containerNames(pod: Pod): string {
  const { containers, ephemeralContainers = [], initContainers = [] } = pod.spec
  return [
    ...containers.map(({ name }) => name),
    ...ephemeralContainers.map(({ name }) => `${name} (ephem)`),
    ...initContainers.map(({ name }) => `${name} (init)`),
  ].join(', ')
}

export function hasContainer(pod: Pod, name: string): boolean {
  const { containers, ephemeralContainers = [], initContainers = [] } = pod.spec
  return [...containers, ...initContainers, ...ephemeralContainers].some(container => container.name === name)
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** The container meant when none is named; says so when there are several. */
export function defaultContainer(invocation: Invocation, pod: Pod): string {
  const wanted = pod.metadata.annotations?.[DEFAULT_CONTAINER]
  if (wanted && hasContainer(pod, wanted)) return wanted
  const [first] = pod.spec.containers
  const names = containerNames(pod)
  if (names !== first!.name) {
    invocation.output.err(`Defaulted container ${JSON.stringify(first!.name)} out of: ${names}\n`)
  }
  return first!.name
}
