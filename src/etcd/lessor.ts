/**
 * Leases and the keys that die with them. Mirrors etcd's lessor; expiry itself is the member's, which has a clock.
 */
import { assert } from '../sim/index.ts'
import { ETCD_ERRORS } from './errors.ts'
import type { EtcdResult } from './types.ts'

export interface Lease {
  readonly id: number
  readonly ttlSeconds: number
  /** Virtual time at which it dies unless kept alive. */
  expiresAtMs: number
  readonly keys: Set<string>
}

/** etcd's bounds on a lease's time to live, in seconds: (3 * electionTicks / 2) heartbeats, rounded up, and 9e9. */
const MINIMUM_TTL_SECONDS = 2
const MAXIMUM_TTL_SECONDS = 9_000_000_000

export class Lessor {
  readonly #leases = new Map<number, Lease>()
  #lastId = 0

  /** The highest id ever granted. */
  get lastId(): number {
    return this.#lastId
  }

  get(id: number): Lease | undefined {
    return this.#leases.get(id)
  }

  /** In the order in which they were granted. */
  all(): Iterable<Lease> {
    return this.#leases.values()
  }

  grant(id: number, ttlSeconds: number, nowMs: number): EtcdResult<Lease> {
    if (ttlSeconds > MAXIMUM_TTL_SECONDS) return { ok: false, error: ETCD_ERRORS.leaseTtlTooLarge }
    assert(id > 0 && !this.#leases.has(id), 'a lease gets an id of its own')
    const granted = Math.max(Math.ceil(ttlSeconds), MINIMUM_TTL_SECONDS)
    const lease = { id, ttlSeconds: granted, expiresAtMs: nowMs + granted * 1000, keys: new Set<string>() }
    this.#leases.set(id, lease)
    this.#lastId = Math.max(this.#lastId, id)
    return { ok: true, response: lease }
  }

  /** Gives the lease its whole time again; undefined when there is none or its time was already over. */
  keepAlive(id: number, nowMs: number): Lease | undefined {
    const lease = this.#leases.get(id)
    if (!lease || lease.expiresAtMs <= nowMs) return undefined
    lease.expiresAtMs = nowMs + lease.ttlSeconds * 1000
    return lease
  }

  /** Ends it; its keys are the caller's to delete first. */
  remove(id: number): void {
    this.#leases.delete(id)
  }

  /** Moves a key from one lease to another; 0 stands for none. */
  move(key: string, from: number, to: number): void {
    if (from === to) return
    if (from !== 0) this.#leases.get(from)?.keys.delete(key)
    if (to !== 0) this.#leases.get(to)!.keys.add(key)
  }

  /** Takes over leases and the id counter from a snapshot. */
  restore(leases: readonly { id: number; ttlSeconds: number; expiresAtMs: number }[], lastId: number): void {
    for (const { id, ttlSeconds, expiresAtMs } of leases) {
      this.#leases.set(id, { id, ttlSeconds, expiresAtMs, keys: new Set() })
    }
    this.#lastId = lastId
  }
}
