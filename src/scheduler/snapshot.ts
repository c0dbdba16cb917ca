/**
 * The nodes as one scheduling cycle sees them: a list in the order in which they are tried, taking a node from
 * each zone in turn. Mirrors kube-scheduler's `Snapshot` and `nodeTree`.
 *
 * Upstream copies every changed NodeInfo before a cycle, because other goroutines go on changing the cache. Here a
 * cycle is one event of the loop and nothing can change under it, so the NodeInfos are the cache's own and only
 * the order is rebuilt, when nodes come, go or move to another zone.
 */
import { NAMES, type Node } from '../api/index.ts'
import type { NodeInfo } from './node-info.ts'

export interface Snapshot {
  /** Every node there is, in the order of trial. */
  readonly nodes: readonly NodeInfo[]
  /** The generations of `nodes`, one by one. */
  readonly generations: Float64Array
  get(nodeName: string): NodeInfo | undefined
  /** How many nodes have a taint that only repels (PreferNoSchedule). */
  readonly softTaintedNodes: number
  /** No pod on a node has ever had a lower priority. */
  readonly lowestPriority: number
}

const REGION_LABEL = 'topology.kubernetes.io/region'

/** `region:zone`, or '' for a node that says neither. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels
  const region = labels?.[REGION_LABEL] ?? ''
  const zone = labels?.[NAMES.zoneLabel] ?? ''
  return region || zone ? `${region}:${zone}` : ''
}

/** Which nodes each zone has, both in the order they were met. */
export class NodeTree {
  readonly #zones = new Map<string, Set<string>>()

  add(node: Node): void {
    const zone = zoneOf(node)
    const names = this.#zones.get(zone)
    if (names) names.add(node.metadata.name)
    else this.#zones.set(zone, new Set([node.metadata.name]))
  }

  remove(node: Node): void {
    const zone = zoneOf(node)
    const names = this.#zones.get(zone)
    if (names?.delete(node.metadata.name) && names.size === 0) this.#zones.delete(zone)
  }

  /** All names, one zone after another, round and round. */
  list(): string[] {
    const lists = [...this.#zones.values()].map(names => [...names])
    const longest = lists.reduce((most, names) => Math.max(most, names.length), 0)
    const order: string[] = []
    for (let i = 0; i < longest; i++) {
      for (const names of lists) if (i < names.length) order.push(names[i]!)
    }
    return order
  }
}
