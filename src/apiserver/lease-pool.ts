/**
 * Etcd leases for objects that are to be forgotten: those written within a minute share one, as upstream's
 * `storage/etcd3/lease_manager.go` has it, so an object lives between its TTL and a minute longer.
 */
import type { Routine, Scope } from '../sim/index.ts'
import type { Store } from './store.ts'

/** How long one lease is handed out (seconds); never more than a twentieth of the TTL. */
const REUSE_SECONDS = 60
const MAX_OBJECTS = 1000

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

  constructor(scope: Scope, store: Store) {
    this.#scope = scope
    this.#store = store
  }

  /** The lease for an object that is to live `ttlSeconds` from now. */
  *lease(ttlSeconds: number): Routine<number> {
    const shared = this.#byTtl.get(ttlSeconds)
    const isGood = shared && shared.untilMs > this.#scope.sim.now && shared.objects < MAX_OBJECTS
    if (!isGood) return yield* this.#grant(ttlSeconds)
    shared.objects++
    return shared.id
  }

  /** Gets a new lease from etcd and shares it from now on. */
  *#grant(ttlSeconds: number): Routine<number> {
    const reuseSeconds = Math.min(REUSE_SECONDS, Math.floor(ttlSeconds * 0.05))
    const id = yield* this.#store.grantLease(ttlSeconds + reuseSeconds)
    const untilMs = this.#scope.sim.now + reuseSeconds * 1000
    this.#byTtl.set(ttlSeconds, { id, untilMs, objects: 1 })
    return id
  }
}
