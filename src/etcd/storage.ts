/**
 * What outlives a member's process: its committed state. Mirrors etcd's backend and snapshots. A disk stores the
 * snapshot; memory just remembers whose it is.
 */
import type { Cause } from '../sim/index.ts'
import type { KeyValue } from './types.ts'

/** A store's whole state at one revision, without its watches. */
export interface Snapshot<V> {
  readonly revision: number
  readonly compactRevision: number
  /** Every version that can still be read or replayed, in order of revision; deletions have version 0. */
  readonly versions: readonly {
    readonly kv: KeyValue<V>
    /** The change's trace record, in the world the snapshot was taken in. */
    readonly cause: Cause
  }[]
  readonly leases: readonly {
    readonly id: number
    readonly ttlSeconds: number
    readonly expiresAtMs: number
  }[]
  readonly lastLeaseId: number
}

/** A member's data directory. It belongs to the machine, so the one who makes members keeps it. */
export interface Storage<V> {
  /** What was committed before; undefined for an empty directory. */
  load(): Snapshot<V> | undefined
  /** From now on what `source` has committed is what there is to load. */
  open(source: { snapshot(): Snapshot<V> }): void
}

/** A data directory in memory: a crash costs nothing until somebody loads from it. */
export class MemoryStorage<V> implements Storage<V> {
  #source: { snapshot(): Snapshot<V> } | undefined

  load(): Snapshot<V> | undefined {
    return this.#source?.snapshot()
  }

  open(source: { snapshot(): Snapshot<V> }): void {
    this.#source = source
  }
}
