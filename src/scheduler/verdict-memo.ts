/**
 * What plugins said of a node about pods of one kind, remembered until the node changes. A cycle changes one node, so
 * for the next pod of a ReplicaSet nearly all is known already. Stands where upstream has sixteen goroutines (and,
 * from 1.35, signatures of pods); whether it is there or not never changes a decision.
 */
import { LIMITS } from '../sim/index.ts'
import type { Rejection } from './framework.ts'
import type { NodeInfo, PodInfo } from './node-info.ts'
import type { Profile } from './profile.ts'

/** One kind of pod: arrays over the snapshot's nodes, valid where the generation is the node's. */
export interface VerdictSheet {
  readonly generations: Float64Array
  readonly rejections: (Rejection | undefined)[]
  /** Sums of weighted scores that do not depend on other nodes; NaN where not asked yet. */
  readonly totals: Float64Array
}

export class VerdictMemo {
  readonly #profile: Profile
  readonly #sheets = new Map<string, VerdictSheet>()
  #nodes: readonly NodeInfo[] | undefined

  constructor(profile: Profile) {
    this.#profile = profile
  }

  /** The sheet of pods like this one; undefined when a plugin cannot say which pods are alike to it. */
  sheetFor(pod: PodInfo, nodes: readonly NodeInfo[]): VerdictSheet | undefined {
    const signature = this.#profile.sign(pod)
    if (signature === undefined) return undefined
    if (this.#nodes !== nodes) {
      this.#nodes = nodes
      this.#sheets.clear()
    }
    let sheet = this.#sheets.get(signature)
    if (!sheet) {
      if (this.#sheets.size >= LIMITS.schedulerSignatures) {
        const [oldest] = this.#sheets.keys()
        this.#sheets.delete(oldest!)
      }
      sheet = {
        generations: new Float64Array(nodes.length),
        rejections: new Array<Rejection | undefined>(nodes.length).fill(undefined),
        totals: new Float64Array(nodes.length),
      }
      this.#sheets.set(signature, sheet)
    }
    return sheet
  }
}
