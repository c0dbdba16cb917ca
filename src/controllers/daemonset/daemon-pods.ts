/**
 * The pods of a DaemonSet: made for one node each, which the scheduler then finds by name. Mirrors
 * `pkg/controller/daemon/util`.
 */
import type { Affinity, PodSpec, PodTemplateSpec, Toleration } from 'kubernetes-types/core/v1.js'
import {
  DAEMONSET,
  type DaemonSet,
  DaemonSets,
  findUntolerated,
  matchesRequired,
  NAMES,
  type NewObject,
  type Node,
  type Pod,
} from '../../api/index.ts'
import { podFromTemplate } from '../shared/pod-template.ts'
import { remember } from '../shared/remember.ts'

/** What a node is to a DaemonSet. */
export interface Eligibility {
  /** A pod belongs there. */
  readonly shouldRun: boolean
  /** A pod that is there may stay. */
  readonly mayStay: boolean
}

const OUT: Eligibility = { shouldRun: false, mayStay: false }
const IN: Eligibility = { shouldRun: true, mayStay: true }
const STAY: Eligibility = { shouldRun: false, mayStay: true }

const verdicts = remember((_: PodTemplateSpec) => new WeakMap<Node, Eligibility>())

/** Worked out once a node and template, for as long as neither changes. */
export function eligibility(set: DaemonSet, node: Node): Eligibility {
  const known = verdicts(set.spec.template)
  let verdict = known.get(node)
  if (!verdict) {
    verdict = judge(set.spec.template, node)
    known.set(node, verdict)
  }
  return verdict
}

function judge(template: PodTemplateSpec, node: Node): Eligibility {
  const spec = template.spec ?? { containers: [] }
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return OUT
  if (!matchesRequired(spec, node.metadata)) return OUT
  const tolerations = tolerationsOf(spec)
  if (!isRepelled(node, tolerations, ['NoSchedule', 'NoExecute'])) return IN
  return isRepelled(node, tolerations, ['NoExecute']) ? OUT : STAY
}

/** True when the node has a taint of one of the effects that none of the tolerations covers. */
function isRepelled(node: Node, tolerations: readonly Toleration[], effects: readonly string[]): boolean {
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effects.includes(effect))
  return findUntolerated(taints, tolerations) !== undefined
}

/** Daemons outlive the troubles of their node. */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: NAMES.notReadyTaint, operator: 'Exists', effect: 'NoExecute' },
  { key: NAMES.unreachableTaint, operator: 'Exists', effect: 'NoExecute' },
  { key: NAMES.diskPressureTaint, operator: 'Exists', effect: 'NoSchedule' },
  { key: NAMES.memoryPressureTaint, operator: 'Exists', effect: 'NoSchedule' },
  { key: NAMES.pidPressureTaint, operator: 'Exists', effect: 'NoSchedule' },
  { key: NAMES.unschedulableTaint, operator: 'Exists', effect: 'NoSchedule' },
]
const NETWORK_UNAVAILABLE: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

const tolerationsOf = remember((spec: PodSpec): Toleration[] => {
  const added = spec.hostNetwork ? [...DAEMON_TOLERATIONS, NETWORK_UNAVAILABLE] : DAEMON_TOLERATIONS
  const own = (spec.tolerations ?? []).filter(
    toleration => !added.some(({ key, effect }) => key === toleration.key && effect === toleration.effect),
  )
  return [...own, ...added]
})

/** The pod to create for a node. `hash` names the revision of the template. */
export function newDaemonPod(set: DaemonSet, nodeName: string, hash: string): NewObject<Pod> {
  const { template } = set.spec
  const spec = template.spec ?? { containers: [] }
  const generation = set.metadata.annotations?.[DAEMONSET.templateGenerationAnnotation]
  const labels = {
    ...template.metadata?.labels,
    ...(generation !== undefined && { [DAEMONSET.templateGenerationLabel]: generation }),
    [NAMES.controllerRevisionHashLabel]: hash,
  }
  const pinned = { ...spec, affinity: pinnedTo(nodeName, spec.affinity), tolerations: tolerationsOf(spec) }
  return podFromTemplate(DaemonSets, set, template, { labels }, pinned)
}

/** The template's required node affinity has been judged here; what the scheduler needs is the name. */
function pinnedTo(nodeName: string, affinity: Affinity | undefined): Affinity {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [nodeName] }]
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  }
}

/** The node a pod is on or was made for; undefined for a pod that no DaemonSet made. */
export function nodeOf(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const term of required?.nodeSelectorTerms ?? []) {
    for (const { key, values } of term.matchFields ?? []) if (key === 'metadata.name') return values?.[0]
  }
  return undefined
}

export function hashOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.[NAMES.controllerRevisionHashLabel]
}
