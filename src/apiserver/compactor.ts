/**
 * Forgets history that nobody should need: every five minutes etcd is compacted to the revision of five minutes
 * ago (`--etcd-compaction-interval`). Mirrors `storage/etcd3/compact.go`, without its agreement among servers: each
 * server asks, and etcd refuses what is already done.
 */
import { API_SERVER, type KubeObject } from '../api/index.ts'
import type { EtcdPort } from '../etcd/index.ts'
import type { Label, Scope } from '../sim/index.ts'

export interface CompactorOptions {
  readonly etcd: EtcdPort<KubeObject>
  /** The newest revision the server knows of. */
  readonly revision: () => number
  readonly label: Label
}

/** Starts compacting, for as long as `scope` lives. */
export function startCompactor(scope: Scope, { etcd, revision, label }: CompactorOptions): void {
  let previous = 0
  const tick = () => {
    if (previous > 0) etcd.compact(previous, () => {})
    previous = revision()
    scope.schedule(API_SERVER.compactionPeriodMs, label, tick, undefined)
  }
  scope.schedule(API_SERVER.compactionPeriodMs, label, tick, undefined)
}
