/** Which pods `kubectl drain` takes away, which it leaves, and which stop it. Mirrors k8s.io/kubectl/pkg/drain/filters.go. */
import { controllerOf, DaemonSets, type Pod } from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { Invocation } from './context.ts'

export interface DrainList {
  readonly pods: readonly Pod[]
  /** One line, '' for none. */
  readonly warnings: string
  readonly errors: readonly string[]
}

interface Verdict {
  readonly isDeleted: boolean
  readonly level: 'okay' | 'warning' | 'error'
  readonly message: string
}

const OKAY: Verdict = { isDeleted: true, level: 'okay', message: '' }
const SKIP: Verdict = { isDeleted: false, level: 'okay', message: '' }
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror'

type Filter = (invocation: Invocation, pod: Pod) => Routine<Verdict>

/** In kubectl's order: the first that keeps a pod ends the matter, else the last one's message counts. */
const FILTERS: readonly Filter[] = [ofDaemonSets, mirrorPods, localStorage, unmanaged]

/** Judges every pod of a node. */
export function* filterPods(invocation: Invocation, pods: readonly Pod[]): Routine<DrainList> {
  const deleted: Pod[] = []
  const byMessage = { warning: new Map<string, string[]>(), error: new Map<string, string[]>() }
  for (const pod of pods) {
    let verdict = OKAY
    for (const filter of FILTERS) {
      verdict = yield* filter(invocation, pod)
      if (!verdict.isDeleted) break
    }
    if (verdict.isDeleted) deleted.push(pod)
    if (verdict.level === 'okay') continue
    const { namespace, name } = pod.metadata
    const group = byMessage[verdict.level]
    group.set(verdict.message, [...(group.get(verdict.message) ?? []), `${namespace}/${name}`])
  }
  const { warning, error } = byMessage
  return {
    pods: deleted,
    warnings: [...warning].map(([message, names]) => `${message}: ${names.join(', ')}`).join('; '),
    errors: [...error].map(([message, names]) => `cannot delete ${message}: ${names.join(', ')}`),
  }
}

function isFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
}

function* ofDaemonSets(invocation: Invocation, pod: Pod): Routine<Verdict> {
  const { args, context } = invocation
  const owner = controllerOf(pod)
  if (owner?.kind !== 'DaemonSet' || isFinished(pod)) return OKAY
  const result: ApiResult = yield* call(
    context.api,
    requestFor('get', DaemonSets, pod.metadata.namespace ?? '', owner.name),
  )
  if (!result.ok) {
    const message = result.status.message ?? ''
    const isForced = result.code === 404 && args.flags.isSet('force')
    return { isDeleted: isForced, level: isForced ? 'warning' : 'error', message }
  }
  if (args.flags.isSet('ignore-daemonsets')) {
    return { isDeleted: false, level: 'warning', message: 'ignoring DaemonSet-managed Pods' }
  }
  const message = 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)'
  return { isDeleted: false, level: 'error', message }
}

function* mirrorPods(_: Invocation, pod: Pod): Routine<Verdict> {
  return pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined ? OKAY : SKIP
}

function* localStorage(invocation: Invocation, pod: Pod): Routine<Verdict> {
  if (!pod.spec.volumes?.some(volume => volume.emptyDir) || isFinished(pod)) return OKAY
  if (invocation.args.flags.isSet('delete-emptydir-data')) {
    return { isDeleted: true, level: 'warning', message: 'deleting Pods with local storage' }
  }
  const message = 'Pods with local storage (use --delete-emptydir-data to override)'
  return { isDeleted: false, level: 'error', message }
}

function* unmanaged(invocation: Invocation, pod: Pod): Routine<Verdict> {
  if (isFinished(pod) || controllerOf(pod)) return OKAY
  if (invocation.args.flags.isSet('force')) {
    return { isDeleted: true, level: 'warning', message: 'deleting Pods that declare no controller' }
  }
  const message = 'cannot delete Pods that declare no controller (use --force to override)'
  return { isDeleted: false, level: 'error', message }
}
