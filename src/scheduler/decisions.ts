/**
 * Every decision kept small, and explained on demand. A decision is the pod, where in the cache's history it was
 * made, and the chance it drew; verdicts and scores are worked out again by undoing the cache's history back to
 * that point and evaluating once more. Kubernetes has no such thing; its nearest is logging at level 10.
 */
import type { Node, Pod } from '../api/index.ts'
import { LIMITS } from '../sim/index.ts'
import type { CacheListener } from './cache.ts'
import { type Chance, evaluate } from './evaluation.ts'
import { NodeInfo, newGenerations, newPodInfo, type PodInfo } from './node-info.ts'
import type { Profile } from './profile.ts'
import type { Snapshot } from './snapshot.ts'

/** What came of a cycle. */
export type Result = { readonly nodeName: string } | { readonly message: string }

interface Decision extends Chance {
  readonly pod: Pod
  readonly atMs: number
  readonly attempt: number
  readonly cycle: number
  readonly position: number
  /** The order of the nodes; one array as long as no node comes or goes. */
  readonly order: readonly NodeInfo[]
  readonly result: Result
}

/** One plugin's word on one node. */
export interface FilterVerdict {
  readonly plugin: string
  /** Empty when the node passed. */
  readonly reasons: readonly string[]
}

export interface ScoreVerdict {
  readonly plugin: string
  /** 0 to 100, after normalising and before the weight. */
  readonly score: number
  readonly weight: number
}

export interface NodeExplanation {
  readonly node: string
  /** In the order asked; ends with the first that objected. */
  readonly filters: readonly FilterVerdict[]
  /** Empty unless the node passed all filters and there was a choice to make. */
  readonly scores: readonly ScoreVerdict[]
  readonly total: number
}

/** The last decision about a pod. */
export interface Explanation extends Chance {
  readonly podKey: string
  readonly atMs: number
  readonly attempt: number
  /** The number of the scheduling cycle, counted from 1. */
  readonly cycle: number
  readonly result: Result
  /** Plugins with nothing to say about this pod, by extension point. */
  readonly skipped: { readonly filter: readonly string[]; readonly score: readonly string[] }
  /** Nodes that were looked at, in the order of trial; undefined when the history no longer reaches back. */
  readonly nodes: readonly NodeExplanation[] | undefined
}

type Entry =
  | { readonly kind: 'pod'; readonly info: PodInfo; readonly nodeName: string; readonly isAdded: boolean }
  | { readonly kind: 'node'; readonly nodeName: string; readonly before: Node | undefined }

export class DecisionLog implements CacheListener {
  readonly #decisions = new Map<string, Decision>()
  /** The cache's latest changes, oldest first; `#dropped` older ones are no longer kept. */
  #history: Entry[] = []
  #dropped = 0

  podMoved(info: PodInfo, nodeName: string, isAdded: boolean): void {
    this.#push({ kind: 'pod', info, nodeName, isAdded })
  }

  nodeSet(nodeName: string, before: Node | undefined): void {
    this.#push({ kind: 'node', nodeName, before })
  }

  /** Where the cache's history stands; to be read before a decision changes it. */
  get position(): number {
    return this.#dropped + this.#history.length
  }

  record(podKey: string, decision: Decision): void {
    this.#decisions.delete(podKey)
    if (this.#decisions.size >= LIMITS.schedulerDecisions) {
      const [oldest] = this.#decisions.keys()
      this.#decisions.delete(oldest!)
    }
    this.#decisions.set(podKey, decision)
  }

  /** Explains the last decision about a pod; undefined when there was none or it is no longer kept. */
  explain(podKey: string, profile: Profile, nodesNow: Iterable<NodeInfo>): Explanation | undefined {
    const decision = this.#decisions.get(podKey)
    if (!decision) return undefined
    const { atMs, attempt, cycle, result, startIndex, tieSeed } = decision
    const skipped = { filter: [] as string[], score: [] as string[] }
    const snapshot = this.#rebuild(decision, nodesNow)
    const nodes = snapshot && verdicts(profile, snapshot, decision, skipped)
    return { podKey, atMs, attempt, cycle, result, startIndex, tieSeed, skipped, nodes }
  }

  #push(entry: Entry): void {
    this.#history.push(entry)
    if (this.#history.length < 2 * LIMITS.schedulerHistory) return
    this.#history = this.#history.slice(-LIMITS.schedulerHistory)
    this.#dropped += LIMITS.schedulerHistory
  }

  /** The nodes as they were then: what is now, with every later change undone. */
  #rebuild({ position, order }: Decision, nodesNow: Iterable<NodeInfo>): Snapshot | undefined {
    if (position < this.#dropped) return undefined
    const nodes = new Map<string, { node: Node | undefined; pods: Map<string, PodInfo> }>()
    const at = (name: string) => {
      let known = nodes.get(name)
      if (!known) {
        known = { node: undefined, pods: new Map() }
        nodes.set(name, known)
      }
      return known
    }
    for (const { name, node, pods } of nodesNow) {
      nodes.set(name, { node, pods: new Map(pods.map(info => [info.uid, info])) })
    }
    for (let i = this.#history.length - 1; i >= position - this.#dropped; i--) {
      const entry = this.#history[i]!
      const there = at(entry.nodeName)
      if (entry.kind === 'node') there.node = entry.before
      else if (entry.isAdded) there.pods.delete(entry.info.uid)
      else there.pods.set(entry.info.uid, entry.info)
    }
    const generations = newGenerations()
    return snapshotOf(
      order.map(({ name }) => {
        const info = new NodeInfo(name, generations)
        const { node, pods } = at(name)
        info.setNode(node)
        for (const pod of pods.values()) info.addPod({ ...pod })
        return info
      }),
    )
  }
}

function snapshotOf(nodes: readonly NodeInfo[]): Snapshot {
  const byName = new Map(nodes.map(node => [node.name, node]))
  return {
    nodes,
    generations: Float64Array.from(nodes, ({ generation }) => generation),
    get: name => byName.get(name),
    softTaintedNodes: nodes.filter(node => node.softTaints.length > 0).length,
    lowestPriority: Number.NEGATIVE_INFINITY,
  }
}

function verdicts(
  profile: Profile,
  snapshot: Snapshot,
  decision: Decision,
  skipped: { filter: string[]; score: string[] },
): NodeExplanation[] {
  const found = new Map<string, { filters: FilterVerdict[]; scores: ScoreVerdict[] }>()
  evaluate(profile, snapshot, newPodInfo(decision.pod), decision, {
    listener: {
      skipped: (point, plugin) => skipped[point].push(plugin),
      filtered(node, plugin, rejection) {
        const verdict = { plugin, reasons: rejection?.reasons ?? [] }
        const known = found.get(node.name)
        if (known) known.filters.push(verdict)
        else found.set(node.name, { filters: [verdict], scores: [] })
      },
      scored: (node, plugin, score, weight) => found.get(node.name)?.scores.push({ plugin, score, weight }),
    },
  })
  return [...found].map(([node, { filters, scores }]) => ({
    node,
    filters,
    scores,
    total: scores.reduce((sum, { score, weight }) => sum + score * weight, 0),
  }))
}
