/**
 * Where a pod should go: filter, score, choose. The deciding half of kube-scheduler's `schedule_one.go`, pure: the
 * same pod, nodes, start and tie seed give the same answer, which is how a decision can be explained afterwards
 * without having been written down.
 */
import { SCHEDULER } from '../api/index.ts'
import { hash32 } from '../sim/index.ts'
import { type FilterPlugin, type Plugin, type Rejection, unresolvable } from './framework.ts'
import type { NodeInfo, PodInfo } from './node-info.ts'
import type { Profile, WeightedScore } from './profile.ts'
import type { Snapshot } from './snapshot.ts'

/** What a decision depends on beside the pod and the nodes. */
export interface Chance {
  /** Index into the snapshot's nodes at which the search begins. */
  readonly startIndex: number
  /** Decides between nodes of equal score. */
  readonly tieSeed: number
}

export type Outcome =
  | {
      readonly kind: 'fits'
      readonly nodeName: string
      readonly feasibleNodes: number
      /** Nodes looked at, fitting or not: how far the next search starts from this one's start. */
      readonly evaluatedNodes: number
    }
  | {
      readonly kind: 'unfit'
      /** By node name; nodes left out of the search by `onlyNodes` included. */
      readonly rejections: ReadonlyMap<string, Rejection>
      /** When the pod was rejected before any node was tried. */
      readonly podRejection: Rejection | undefined
      readonly rejectedBy: ReadonlySet<string>
      readonly evaluatedNodes: number
    }

/** Hears each verdict and score; only explanations ask for it. */
export interface Listener {
  skipped(point: 'filter' | 'score', plugin: string): void
  /** `rejection` is undefined when the plugin let the node pass. */
  filtered(node: NodeInfo, plugin: string, rejection: Rejection | undefined): void
  scored(node: NodeInfo, plugin: string, score: number, weight: number): void
}

type Filter = Plugin & FilterPlugin

/** Decides for one pod. The snapshot must have a node. */
export function evaluate(
  profile: Profile,
  snapshot: Snapshot,
  pod: PodInfo,
  chance: Chance,
  listener?: Listener,
): Outcome {
  const filters: Filter[] = []
  const states: unknown[] = []
  const restricting: string[] = []
  let onlyNodes: ReadonlySet<string> | undefined
  const prepare = (plugin: Plugin): Rejection | undefined => {
    const result = plugin.preFilter?.(pod, snapshot)
    if (result === 'skip') {
      listener?.skipped('filter', plugin.name)
      return undefined
    }
    if (result && 'rejection' in result) return result.rejection
    if (result?.onlyNodes) {
      onlyNodes = onlyNodes ? intersection(onlyNodes, result.onlyNodes) : result.onlyNodes
      restricting.push(plugin.name)
    }
    if (plugin.filter) {
      filters.push(plugin as Filter)
      states.push(result?.state)
    }
    return undefined
  }
  for (const plugin of profile.preFilterOnly) {
    const rejection = prepare(plugin)
    if (rejection) return rejectedPod(snapshot, rejection)
  }
  for (const plugin of profile.filter) {
    const rejection = prepare(plugin)
    if (rejection) return rejectedPod(snapshot, rejection)
  }

  const nodes = onlyNodes ? namedNodes(snapshot, onlyNodes) : snapshot.nodes
  const wanted = profile.score.length === 0 ? 1 : feasibleNodesToFind(nodes.length)
  const feasible: NodeInfo[] = []
  let rejections: Map<string, Rejection> | undefined
  let index = nodes.length === 0 ? 0 : chance.startIndex % nodes.length
  for (let tried = 0; tried < nodes.length && feasible.length < wanted; tried++) {
    const node = nodes[index]!
    if (++index === nodes.length) index = 0
    const rejection = runFilters(filters, states, pod, node, listener)
    if (rejection) {
      rejections ??= new Map()
      rejections.set(node.name, rejection)
    } else feasible.push(node)
  }
  const evaluatedNodes = feasible.length + (rejections?.size ?? 0)
  if (feasible.length === 0) {
    return unfit(snapshot, rejections ?? new Map(), onlyNodes ? restricting : undefined, evaluatedNodes)
  }
  const best =
    feasible.length === 1 ? feasible[0]! : choose(profile, snapshot, pod, feasible, chance, listener)
  return { kind: 'fits', nodeName: best.name, feasibleNodes: feasible.length, evaluatedNodes }
}

function runFilters(
  filters: readonly Filter[],
  states: readonly unknown[],
  pod: PodInfo,
  node: NodeInfo,
  listener: Listener | undefined,
): Rejection | undefined {
  for (let i = 0; i < filters.length; i++) {
    const filter = filters[i]!
    const rejection = filter.filter(pod, node, states[i])
    listener?.filtered(node, filter.name, rejection)
    if (rejection) return rejection
  }
  return undefined
}

/** How many fitting nodes are enough for a choice in a cluster of that size. */
export function feasibleNodesToFind(nodeCount: number): number {
  if (nodeCount < SCHEDULER.minFeasibleNodes) return nodeCount
  const percentage = Math.max(
    SCHEDULER.minFeasiblePercentage,
    SCHEDULER.feasiblePercentage - Math.floor(nodeCount / SCHEDULER.nodesPerPercent),
  )
  return Math.max(SCHEDULER.minFeasibleNodes, Math.floor((nodeCount * percentage) / 100))
}

function choose(
  profile: Profile,
  snapshot: Snapshot,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  chance: Chance,
  listener: Listener | undefined,
): NodeInfo {
  const totals = new Array<number>(nodes.length).fill(0)
  const scores = new Array<number>(nodes.length).fill(0)
  for (const { plugin, weight } of profile.score as readonly WeightedScore[]) {
    const prepared = plugin.preScore?.(pod, nodes, snapshot)
    if (prepared === 'skip') {
      listener?.skipped('score', plugin.name)
      continue
    }
    const state = prepared?.state
    for (let i = 0; i < nodes.length; i++) scores[i] = plugin.score(pod, nodes[i]!, state)
    plugin.normalizeScores?.(scores)
    for (let i = 0; i < nodes.length; i++) {
      totals[i] = totals[i]! + scores[i]! * weight
      listener?.scored(nodes[i]!, plugin.name, scores[i]!, weight)
    }
  }
  return nodes[selectHost(totals, chance.tieSeed)]!
}

/** The index of the greatest; each of several equals is as likely (reservoir sampling). */
export function selectHost(totals: readonly number[], tieSeed: number): number {
  let best = 0
  let equals = 1
  for (let i = 1; i < totals.length; i++) {
    if (totals[i]! > totals[best]!) {
      best = i
      equals = 1
    } else if (totals[i] === totals[best]) {
      equals++
      if (hash32(tieSeed, i) < 0x1_0000_0000 / equals) best = i
    }
  }
  return best
}

function namedNodes(snapshot: Snapshot, names: ReadonlySet<string>): NodeInfo[] {
  const nodes: NodeInfo[] = []
  for (const name of names) {
    const node = snapshot.get(name)
    if (node) nodes.push(node)
  }
  return nodes
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter(name => b.has(name)))
}

function rejectedPod(snapshot: Snapshot, rejection: Rejection): Outcome {
  return {
    kind: 'unfit',
    rejections: new Map(snapshot.nodes.map(node => [node.name, rejection])),
    podRejection: rejection,
    rejectedBy: new Set([rejection.plugin]),
    evaluatedNodes: 0,
  }
}

function unfit(
  snapshot: Snapshot,
  rejections: Map<string, Rejection>,
  restrictedBy: readonly string[] | undefined,
  evaluatedNodes: number,
): Outcome {
  const rejectedBy = new Set(restrictedBy)
  for (const { plugin } of rejections.values()) rejectedBy.add(plugin)
  if (restrictedBy) {
    const names = [...restrictedBy].sort().join(' ')
    const leftOut = unresolvable(restrictedBy[0]!, `node(s) didn't satisfy plugin(s) [${names}]`)
    for (const { name } of snapshot.nodes) if (!rejections.has(name)) rejections.set(name, leftOut)
  }
  return { kind: 'unfit', rejections, podRejection: undefined, rejectedBy, evaluatedNodes }
}
