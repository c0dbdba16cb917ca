/**
 * Where a pod should go: filter, score, choose. The deciding half of kube-scheduler's `schedule_one.go`, pure: the
 * same pod, nodes, start and tie seed give the same answer, which is how a decision can be explained afterwards
 * without having been written down.
 */
import { SCHEDULER } from '../api/index.ts'
import { type FilterPlugin, type Plugin, type Rejection, unresolvable } from './framework.ts'
import type { NodeInfo, PodInfo } from './node-info.ts'
import type { Profile, WeightedScore } from './profile.ts'
import type { Snapshot } from './snapshot.ts'
import type { VerdictMemo, VerdictSheet } from './verdict-memo.ts'

/** What a decision depends on beside the pod and the nodes. */
export interface Chance {
  /** Index into the snapshot's nodes at which the search begins. */
  readonly startIndex: number
  /** 32 bits that decide between nodes of equal score. */
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
interface Listener {
  skipped(point: 'filter' | 'score', plugin: string): void
  /** `rejection` is undefined when the plugin let the node pass. */
  filtered(node: NodeInfo, plugin: string, rejection: Rejection | undefined): void
  scored(node: NodeInfo, plugin: string, score: number, weight: number): void
}

type Filter = Plugin & FilterPlugin

/** What each plugin made of the pod before looking at nodes. */
interface Prepared {
  readonly filters: readonly Filter[]
  readonly states: readonly unknown[]
  readonly onlyNodes: ReadonlySet<string> | undefined
  /** The plugins that named those nodes. */
  readonly restrictedBy: readonly string[]
}

export interface EvaluateOptions {
  readonly listener?: Listener
  /** Must be fed by this profile and this cache alone. */
  readonly memo?: VerdictMemo
}

/** Decides for one pod. */
export function evaluate(
  profile: Profile,
  snapshot: Snapshot,
  pod: PodInfo,
  chance: Chance,
  { listener, memo }: EvaluateOptions = {},
): Outcome {
  const prepared = prepare(profile, snapshot, pod, listener)
  if ('plugin' in prepared) return rejectedPod(snapshot, prepared)
  const { filters, states, onlyNodes } = prepared
  const nodes = onlyNodes ? namedNodes(snapshot, onlyNodes) : snapshot.nodes
  const { generations } = snapshot
  const sheet = onlyNodes ? undefined : memo?.sheetFor(pod, nodes)
  const wanted = profile.score.length === 0 ? 1 : feasibleNodesToFind(nodes.length)
  /** Indexes into `nodes`. */
  const feasible: number[] = []
  let rejections: Map<string, Rejection> | undefined
  let index = nodes.length === 0 ? 0 : chance.startIndex % nodes.length
  for (let tried = 0; tried < nodes.length && feasible.length < wanted; tried++) {
    let rejection: Rejection | undefined
    if (sheet !== undefined && sheet.generations[index] === generations[index]) {
      rejection = sheet.rejections[index]
    } else {
      rejection = runFilters(filters, states, pod, nodes[index]!, listener)
      if (sheet) note(sheet, index, generations[index]!, rejection)
    }
    if (rejection) {
      rejections ??= new Map()
      rejections.set(nodes[index]!.name, rejection)
    } else feasible.push(index)
    if (++index === nodes.length) index = 0
  }
  const evaluatedNodes = feasible.length + (rejections?.size ?? 0)
  if (feasible.length === 0) return unfit(snapshot, rejections ?? new Map(), prepared, evaluatedNodes)
  const best =
    feasible.length === 1
      ? feasible[0]!
      : choose({ profile, snapshot, pod, nodes, feasible, chance, listener, sheet })
  return { kind: 'fits', nodeName: nodes[best]!.name, feasibleNodes: feasible.length, evaluatedNodes }
}

function prepare(
  profile: Profile,
  snapshot: Snapshot,
  pod: PodInfo,
  listener: Listener | undefined,
): Prepared | Rejection {
  const filters: Filter[] = []
  const states: unknown[] = []
  const restrictedBy: string[] = []
  let onlyNodes: ReadonlySet<string> | undefined
  for (const plugin of profile.preFilterOrFilter) {
    const result = plugin.preFilter?.(pod, snapshot)
    if (result === 'skip') {
      listener?.skipped('filter', plugin.name)
      continue
    }
    if (result && 'rejection' in result) return result.rejection
    if (result?.onlyNodes) {
      onlyNodes = onlyNodes ? intersection(onlyNodes, result.onlyNodes) : result.onlyNodes
      restrictedBy.push(plugin.name)
    }
    if (!plugin.filter) continue
    filters.push(plugin as Filter)
    states.push(result?.state)
  }
  return { filters, states, onlyNodes, restrictedBy }
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

function note(
  sheet: VerdictSheet,
  index: number,
  generation: number,
  rejection: Rejection | undefined,
): void {
  sheet.generations[index] = generation
  sheet.rejections[index] = rejection
  sheet.totals[index] = Number.NaN
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

interface Choice {
  readonly profile: Profile
  readonly snapshot: Snapshot
  readonly pod: PodInfo
  readonly nodes: readonly NodeInfo[]
  readonly feasible: readonly number[]
  readonly chance: Chance
  readonly listener: Listener | undefined
  readonly sheet: VerdictSheet | undefined
}

/** A plugin that has something to say of this pod. */
interface Scorer extends WeightedScore {
  readonly state: unknown
}

/** The index of the node with the best total. */
function choose(choice: Choice): number {
  const { profile, snapshot, pod, nodes, feasible, chance, listener } = choice
  let fitting: readonly NodeInfo[] | undefined
  const fittingNodes = () => {
    fitting ??= feasible.map(index => nodes[index]!)
    return fitting
  }
  const absolute: Scorer[] = []
  const relative: Scorer[] = []
  for (const { plugin, weight } of profile.score) {
    const prepared = plugin.preScore?.(pod, fittingNodes, snapshot)
    if (prepared === 'skip') listener?.skipped('score', plugin.name)
    else (plugin.normalizeScores ? relative : absolute).push({ plugin, weight, state: prepared?.state })
  }
  const totals = absoluteTotals(choice, absolute)
  for (const scorer of relative) addRelative(choice, scorer, totals)
  return feasible[selectHost(totals, chance.tieSeed)]!
}

/** What plugins give whose score of a node does not depend on the other nodes: remembered as one sum. */
function absoluteTotals(choice: Choice, scorers: readonly Scorer[]): number[] {
  const { pod, nodes, feasible, listener, sheet } = choice
  const totals: number[] = []
  for (const index of feasible) {
    let total = sheet ? sheet.totals[index]! : Number.NaN
    if (Number.isNaN(total)) {
      total = 0
      for (const { plugin, weight, state } of scorers) {
        const score = plugin.score(pod, nodes[index]!, state)
        total += score * weight
        listener?.scored(nodes[index]!, plugin.name, score, weight)
      }
      if (sheet) sheet.totals[index] = total
    }
    totals.push(total)
  }
  return totals
}

/** Adds what a plugin gives that compares the fitting nodes with each other. */
function addRelative(choice: Choice, { plugin, weight, state }: Scorer, totals: number[]): void {
  const { pod, nodes, feasible, listener } = choice
  const scores = feasible.map(index => plugin.score(pod, nodes[index]!, state))
  plugin.normalizeScores?.(scores)
  for (let i = 0; i < scores.length; i++) {
    totals[i] = totals[i]! + scores[i]! * weight
    listener?.scored(nodes[feasible[i]!]!, plugin.name, scores[i]!, weight)
  }
}

/**
 * The index of the greatest; each of several equals is as likely. Upstream draws a number for every equal it meets
 * (reservoir sampling); one number for all gives the same odds.
 */
export function selectHost(totals: readonly number[], tieSeed: number): number {
  let greatest = Number.NEGATIVE_INFINITY
  let equals = 0
  for (let i = 0; i < totals.length; i++) {
    const total = totals[i]!
    if (total > greatest) {
      greatest = total
      equals = 1
    } else if (total === greatest) equals++
  }
  let skip = Math.floor((tieSeed / 0x1_0000_0000) * equals)
  let best = 0
  while (totals[best] !== greatest || skip-- > 0) best++
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
  { onlyNodes, restrictedBy }: Prepared,
  evaluatedNodes: number,
): Outcome {
  const rejectedBy = new Set(restrictedBy)
  for (const { plugin } of rejections.values()) rejectedBy.add(plugin)
  if (onlyNodes) {
    const names = [...restrictedBy].sort().join(' ')
    const leftOut = unresolvable(restrictedBy[0]!, `node(s) didn't satisfy plugin(s) [${names}]`)
    for (const { name } of snapshot.nodes) if (!rejections.has(name)) rejections.set(name, leftOut)
  }
  return { kind: 'unfit', rejections, podRejection: undefined, rejectedBy, evaluatedNodes }
}
