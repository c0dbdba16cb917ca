/**
 * TaintToleration: NoSchedule and NoExecute taints keep out pods that do not tolerate them, PreferNoSchedule ones
 * cost score. Scoring is skipped while no node has a PreferNoSchedule taint, where upstream gives all nodes 100.
 */
import type { Taint, Toleration } from 'kubernetes-types/core/v1.js'
import { findUntolerated, type Node, SCHEDULER, tolerates } from '../../api/index.ts'
import { ACTION } from '../cluster-event.ts'
import {
  type FilterPlugin,
  type PluginBase,
  type PreScorePlugin,
  type Rejection,
  type ScorePlugin,
  type SignPlugin,
  spreadScores,
  unresolvable,
} from '../framework.ts'
import { signTolerations } from '../tolerations.ts'

const NAME = 'TaintToleration'

/** One rejection a taint, whoever meets it. */
const rejections = new WeakMap<Taint, Rejection>()

function rejectionBy(taint: Taint): Rejection {
  let rejection = rejections.get(taint)
  if (!rejection) {
    rejection = unresolvable(NAME, `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`)
    rejections.set(taint, rejection)
  }
  return rejection
}

const repels = (node: Node | undefined, tolerations: readonly Toleration[] | undefined) =>
  findUntolerated(
    (node?.spec?.taints ?? []).filter(taint => taint.effect !== 'PreferNoSchedule'),
    tolerations,
  )

type ScoreState = readonly Toleration[]

type TaintToleration = PluginBase &
  FilterPlugin &
  PreScorePlugin<ScoreState> &
  ScorePlugin<ScoreState> &
  SignPlugin

export const taintToleration: TaintToleration = {
  name: NAME,
  eventsToRegister: [
    {
      on: { resource: 'Node', action: ACTION.add | ACTION.updateNodeTaint },
      hint(pod, { node, oldNode }) {
        const { tolerations } = pod.pod.spec
        return !repels(node, tolerations) && (!oldNode || repels(oldNode, tolerations) !== undefined)
      },
    },
    {
      on: { resource: 'Pod', action: ACTION.updatePodToleration },
      hint: (pod, change) => change.pod?.metadata.uid === pod.uid,
    },
  ],
  sign: ({ pod }) => signTolerations(pod.spec.tolerations),
  filter(pod, node) {
    if (node.hardTaints.length === 0) return undefined
    const taint = findUntolerated(node.hardTaints, pod.pod.spec.tolerations)
    return taint && rejectionBy(taint)
  },
  preScore(pod, _nodes, snapshot) {
    if (snapshot.softTaintedNodes === 0) return 'skip'
    const tolerations = pod.pod.spec.tolerations ?? []
    return { state: tolerations.filter(({ effect }) => !effect || effect === 'PreferNoSchedule') }
  },
  score(_pod, node, tolerations) {
    let intolerable = 0
    for (const taint of node.softTaints) {
      if (!tolerations.some(toleration => tolerates(toleration, taint))) intolerable++
    }
    return intolerable
  },
  normalizeScores: scores => spreadScores(scores, SCHEDULER.maxNodeScore, true),
}
