/** What the answers of a kubelet are made of. */
import type { Pod } from '../../api/index.ts'
import type { Machine } from '../../cluster/index.ts'

/** A node whose kubelet is up, and its pods. */
export interface KubeletView {
  readonly machine: Machine
  readonly pods: readonly Pod[]
  /** Virtual ms since the Unix epoch. */
  readonly nowMs: number
}
