/**
 * One active replica among many: a Lease that is renewed every 2 s and up for grabs when its holder was silent
 * for 15 s. Mirrors client-go's leaderelection on coordination.k8s.io/v1; time of others is judged by when a
 * change was seen, never by their clocks.
 */
import { LEADER_ELECTION, type Lease, Leases, type NewObject } from '../api/index.ts'
import { formatTime, type Label, type RandomStream, type Routine, type Scope, sleep } from '../sim/index.ts'
import type { ApiPort, ApiResult } from './api-port.ts'
import { createObject, getObject, updateObject } from './call.ts'
import type { EventRecorder } from './event-recorder.ts'

export interface LeaderElectorOptions {
  readonly api: ApiPort
  /** The Lease: `kube-system` and `kube-scheduler`. */
  readonly namespace: string
  readonly name: string
  /** Who competes: `host_uid`. */
  readonly identity: string
  readonly recorder?: EventRecorder
  readonly onStartedLeading: () => void
  /** Leadership was lost: upstream's components exit. */
  readonly onStoppedLeading: () => void
}

export class LeaderElector {
  readonly #scope: Scope
  readonly #options: LeaderElectorOptions
  readonly #random: RandomStream
  readonly #label: Label
  #observed: Lease | undefined
  #observedMs = 0
  #isLeader = false

  constructor(scope: Scope, options: LeaderElectorOptions) {
    this.#scope = scope
    this.#options = options
    this.#random = scope.sim.random(`leader-election/${options.namespace}/${options.identity}`)
    this.#label = scope.sim.label('leader-election/renew')
  }

  get isLeader(): boolean {
    return this.#isLeader
  }

  start(): void {
    this.#scope.spawn(this.#label, this.#run())
  }

  *#run(): Routine<void> {
    const { retryPeriodMs, jitterFactor } = LEADER_ELECTION
    while (!(yield* this.#tryAcquireOrRenew())) {
      yield* sleep(Math.round(retryPeriodMs * (1 + this.#random.float() * jitterFactor)))
    }
    this.#isLeader = true
    const { identity, recorder, onStartedLeading, onStoppedLeading } = this.#options
    recorder?.event(this.#observed!, 'Normal', 'LeaderElection', `${identity} became leader`)
    onStartedLeading()
    yield* this.#renewWhilePossible()
    this.#isLeader = false
    recorder?.event(this.#observed!, 'Normal', 'LeaderElection', `${identity} stopped leading`)
    onStoppedLeading()
  }

  *#renewWhilePossible(): Routine<void> {
    const { sim } = this.#scope
    let renewedMs = sim.now
    for (;;) {
      yield* sleep(LEADER_ELECTION.retryPeriodMs)
      if (yield* this.#tryAcquireOrRenew()) renewedMs = sim.now
      else if (sim.now - renewedMs >= LEADER_ELECTION.renewDeadlineMs) return
    }
  }

  *#tryAcquireOrRenew(): Routine<boolean> {
    const { api, namespace, name, identity } = this.#options
    // The holder renews from what it wrote last, without reading first.
    if (this.#isLeader && this.#observed?.spec.holderIdentity === identity) {
      if (this.#take(yield* updateObject(api, Leases, this.#renewed(this.#observed)))) return true
    }
    const found = yield* getObject(api, Leases, namespace, name)
    if (!found.ok) {
      if (found.code !== 404) return false
      return this.#take(yield* createObject(api, Leases, this.#first()))
    }
    this.#observe(found.object)
    const { holderIdentity } = found.object.spec
    const isFresh = this.#observedMs + LEADER_ELECTION.leaseDurationMs > this.#scope.sim.now
    if (holderIdentity && holderIdentity !== identity && isFresh) return false
    return this.#take(yield* updateObject(api, Leases, this.#renewed(found.object)))
  }

  #take(result: ApiResult<Lease>): boolean {
    if (result.ok) this.#observe(result.object)
    return result.ok
  }

  #observe(lease: Lease): void {
    if (this.#observed && this.#observed.metadata.resourceVersion === lease.metadata.resourceVersion) return
    this.#observed = lease
    this.#observedMs = this.#scope.sim.now
  }

  #first(): NewObject<Lease> {
    const { namespace, name, identity } = this.#options
    const now = microTime(this.#scope.sim.now)
    return {
      apiVersion: Leases.apiVersion,
      kind: Leases.kind,
      metadata: { name, namespace },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: LEADER_ELECTION.leaseDurationMs / 1000,
        acquireTime: now,
        renewTime: now,
        leaseTransitions: 0,
      },
    }
  }

  #renewed(lease: Lease): Lease {
    const { identity } = this.#options
    const { spec } = lease
    const now = microTime(this.#scope.sim.now)
    const isMine = spec.holderIdentity === identity
    return {
      ...lease,
      spec: {
        ...spec,
        holderIdentity: identity,
        leaseDurationSeconds: LEADER_ELECTION.leaseDurationMs / 1000,
        acquireTime: isMine ? spec.acquireTime : now,
        renewTime: now,
        leaseTransitions: (spec.leaseTransitions ?? 0) + (isMine ? 0 : 1),
      },
    }
  }
}

/** `2026-01-01T00:00:00.250000Z`: `metav1.MicroTime` of a time in ms. */
export function microTime(ms: number): string {
  const fraction = (((ms % 1000) + 1000) % 1000).toString().padStart(3, '0')
  return `${formatTime(ms).slice(0, 19)}.${fraction}000Z`
}
