/** NodeAffinity: `spec.nodeSelector`, required and preferred node affinity. Added affinity of a profile is absent. */
import type { PreferredSchedulingTerm } from 'kubernetes-types/core/v1.js'
import { matchesRequired, matchesTerm, type Node, namedNodes, type Pod, SCHEDULER } from '../../api/index.ts'
import { ACTION } from '../cluster-event.ts'
import {
  type FilterPlugin,
  type PluginBase,
  type PreFilterPlugin,
  type PreScorePlugin,
  type ScorePlugin,
  type SignPlugin,
  spreadScores,
  unresolvable,
} from '../framework.ts'

const NAME = 'NodeAffinity'
const NO_MATCH = unresolvable(NAME, "node(s) didn't match Pod's node affinity/selector")
const CONFLICT = unresolvable(NAME, 'pod affinity terms conflict')

type ScoreState = readonly PreferredSchedulingTerm[]

const isMatch = (pod: Pod, node: Node) => matchesRequired(pod.spec, node.metadata)

type NodeAffinity = PluginBase &
  PreFilterPlugin &
  FilterPlugin &
  PreScorePlugin<ScoreState> &
  ScorePlugin<ScoreState> &
  SignPlugin

export const nodeAffinity: NodeAffinity = {
  name: NAME,
  eventsToRegister: [
    {
      on: { resource: 'Node', action: ACTION.add | ACTION.updateNodeLabel },
      hint: ({ pod }, { node, oldNode }) =>
        node !== undefined && isMatch(pod, node) && !(oldNode && isMatch(pod, oldNode)),
    },
  ],
  preFilter({ pod: { spec } }) {
    const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    if (!required && !hasEntries(spec.nodeSelector)) return 'skip'
    const onlyNodes = namedNodes(spec)
    return onlyNodes?.size === 0 ? { rejection: CONFLICT } : { state: undefined, onlyNodes }
  },
  sign: ({ pod: { spec } }) => signNeeds(spec.nodeSelector, spec.affinity?.nodeAffinity),
  filter: (pod, node) => (matchesRequired(pod.pod.spec, node) ? undefined : NO_MATCH),
  preScore({ pod }) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    return preferred?.length ? { state: preferred } : 'skip'
  },
  score(_pod, node, preferred) {
    let score = 0
    for (const { weight, preference } of preferred) if (matchesTerm(preference, node)) score += weight
    return score
  },
  normalizeScores: scores => spreadScores(scores, SCHEDULER.maxNodeScore, false),
}

function hasEntries(record: object | undefined): boolean {
  for (const _ in record) return true
  return false
}

function signNeeds(...needs: (object | undefined)[]): string {
  return needs.some(need => need !== undefined) ? JSON.stringify(needs) : ''
}
