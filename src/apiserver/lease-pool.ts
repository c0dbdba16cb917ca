/**
 * Etcd leases for objects that are to be forgotten: those written within a minute share one, as upstream's
 * `storage/etcd3/lease_manager.go` has it, so an object lives between its TTL and a minute longer.
 */
import { API_SERVER } from '../api/index.ts'
import { type Routine, type Scope, Signal } from '../sim/index.ts'
import type { Store } from './store.ts'

interface Shared {
  id: number
  /** Virtual milliseconds until which it is handed out. */
  untilMs: number
  objects: number
}

export class LeasePool {
  readonly #scope: Scope
  readonly #store: Store
  readonly #byTtl = new Map<number, Shared>()
  readonly #grants = new Map<number, Signal>()

  constructor(scope: Scope, store: Store) {
    this.#scope = scope
    this.#store = store
  }

  /** The lease for an object that is to live `ttlSeconds` from now, if one is at hand: nearly always. */
  shared(ttlSeconds: number): number | undefined {
    const shared = this.#byTtl.get(ttlSeconds)
    if (!shared || shared.untilMs <= this.#scope.sim.now) return undefined
    if (shared.objects >= API_SERVER.leaseMaxObjects) return undefined
    shared.objects++
    return shared.id
  }

  /** The same, waiting for one. */
  *lease(ttlSeconds: number): Routine<number> {
    for (;;) {
      const id = this.shared(ttlSeconds)
      if (id !== undefined) return id
      const underWay = this.#grants.get(ttlSeconds)
      if (underWay) yield* underWay.wait()
      else yield* this.#grant(ttlSeconds)
    }
  }

  /** Gets a new lease from etcd and shares it from now on; those who come meanwhile wait for it. */
  *#grant(ttlSeconds: number): Routine<void> {
    const granted = new Signal()
    this.#grants.set(ttlSeconds, granted)
    try {
      const reuseSeconds = Math.min(
        API_SERVER.leaseReuseSeconds,
        Math.floor(ttlSeconds * API_SERVER.leaseReuseRatio),
      )
      const id = yield* this.#store.grantLease(ttlSeconds + reuseSeconds)
      const untilMs = this.#scope.sim.now + Math.max(reuseSeconds * 1000, 1)
      this.#byTtl.set(ttlSeconds, { id, untilMs, objects: 0 })
    } finally {
      this.#grants.delete(ttlSeconds)
      granted.fire()
    }
  }
}
