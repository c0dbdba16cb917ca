/**
 * An etcd member on the loop: the data model behind a disk's latency. Mirrors etcd's server (applier, lessor loop
 * and watch streams) for a cluster of one. Writes that arrive in one millisecond share a flush and a loop event, up to
 * a number, and keep a revision, a trace record and a cause each; a watcher gets what a millisecond brought in one event.
 */
import { assert, type Cause, type Label, LIMITS, type Scope, type Timer } from '../sim/index.ts'
import { type Disk, SimulatedDisk } from './disk.ts'
import { ETCD_ERRORS } from './errors.ts'
import { MvccStore, type MvccStoreOptions } from './mvcc-store.ts'
import { MemoryStorage, type Storage } from './storage.ts'
import type {
  EtcdMemberPort,
  EtcdResult,
  LeaseGrantResponse,
  LeaseKeepAliveResponse,
  LeaseTimeToLiveResponse,
  OptimisticReply,
  OptimisticResponse,
  OptimisticWrite,
  RangeRequest,
  RangeResponse,
  Reply,
  TxnRequest,
  TxnResponse,
  WatchHandle,
  WatchRequest,
  WatchSink,
} from './types.ts'
import { WatchStream } from './watch-stream.ts'

export interface EtcdOptions<V> extends Pick<MvccStoreOptions<V>, 'seal' | 'compareValues'> {
  /** The data directory to begin from and leave behind; a fresh one in memory unless given. */
  readonly storage?: Storage<V>
  /** A {@link SimulatedDisk} of `syncMs` unless given. */
  readonly disk?: Disk
  /** Time of a flush; 1 unless given. */
  readonly syncMs?: number
  /** Time until a read is answered; 0 unless given: the next event of the same millisecond. */
  readonly readMs?: number
  /** Time from a commit to its watchers; 0 unless given. */
  readonly watchMs?: number
}

/** How often etcd's lessor looks for expired leases. */
const LEASE_CHECK_MS = 500
/** What a member adds to the leases it finds at its start: an election's time, in which nobody could renew. */
const ELECTION_MS = 1000

/** A read that waits to be made. */
interface QueuedRead {
  readonly run: () => void
  readonly cause: Cause
}

/** A write that waits for its flush: what is done with what is asked, and who is told. */
interface QueuedWrite {
  readonly apply: (asked: never) => EtcdResult<unknown>
  readonly asked: unknown
  readonly reply: (result: EtcdResult<never>, asked: never) => void
  readonly cause: Cause
}

export class Etcd<V> implements EtcdMemberPort<V> {
  readonly #scope: Scope
  readonly #store: MvccStore<V>
  readonly #disk: Disk
  readonly #readMs: number
  readonly #watchMs: number
  readonly #labels: Readonly<
    Record<'put' | 'delete' | 'read' | 'watch' | 'leaseCheck' | 'leaseExpired', Label>
  >
  readonly #leaseCauses = new Map<number, Cause>()
  #writes: QueuedWrite[] = []
  #writesAtMs = -1
  #reads: QueuedRead[] = []
  #readsAtMs = -1
  #lastChange: Cause = 0
  #lastLeaseId: number
  /** Where the ticks of the lessor's check are counted from. */
  readonly #startMs: number
  #leaseTimer: Timer | undefined

  constructor(scope: Scope, options: EtcdOptions<V> = {}) {
    const { sim } = scope
    this.#scope = scope
    this.#startMs = sim.now
    this.#labels = {
      put: sim.label('etcd/put'),
      delete: sim.label('etcd/delete'),
      read: sim.label('etcd/read'),
      watch: sim.label('etcd/watch'),
      leaseCheck: sim.label('etcd/lease-check'),
      leaseExpired: sim.label('etcd/lease-expired'),
    }
    const storage = options.storage ?? new MemoryStorage<V>()
    this.#store = new MvccStore<V>({
      seal: options.seal,
      compareValues: options.compareValues,
      subjectOf: key => sim.subject(key),
      note: (type, subject, revision) => {
        const label = type === 'PUT' ? this.#labels.put : this.#labels.delete
        this.#lastChange = sim.note(label, subject, revision)
        return this.#lastChange
      },
      from: storage.load(),
    })
    storage.open(this.#store)
    this.#disk = options.disk ?? new SimulatedDisk(scope, options.syncMs ?? 1)
    this.#readMs = options.readMs ?? 0
    this.#watchMs = options.watchMs ?? 0
    this.#lastLeaseId = this.#store.lastLeaseId
  }

  /** Takes up the leases it found: each gets its whole time again. */
  start(): void {
    const { now } = this.#scope.sim
    for (const lease of this.#store.leases()) {
      lease.expiresAtMs = now + ELECTION_MS + lease.ttlSeconds * 1000
      this.#expectExpiry(lease.expiresAtMs)
    }
  }

  /** What is committed, to look at: reading it is no request and leaves no trace. */
  get store(): Pick<MvccStore<V>, 'get' | 'select' | 'revision' | 'compactRevision' | 'changes' | 'watch'> {
    return this.#store
  }

  range(request: RangeRequest, reply: Reply<RangeResponse<V>>): void {
    this.#read(() => reply(this.#store.range(request)))
  }

  txn(request: TxnRequest<V>, reply: Reply<TxnResponse<V>>): void {
    this.#commit(this.#applyTxn, request, reply)
  }

  optimisticWrite(write: OptimisticWrite<V>, reply: OptimisticReply<V> = tell): void {
    this.#commit(this.#applyWrite, write, reply)
  }

  readonly #applyWrite = (write: OptimisticWrite<V>) => this.#store.optimisticWrite(write)

  readonly #applyTxn = (request: TxnRequest<V>) => this.#store.txn(request)

  compact(revision: number, reply: Reply<{ readonly revision: number }>): void {
    this.#commit(at => this.#store.compact(at), revision, reply)
  }

  watch(request: WatchRequest, sink: WatchSink<V>): WatchHandle {
    const stream = new WatchStream(this.#scope, this.#labels.watch, this.#watchMs, this.#store, request, sink)
    return { cancel: () => stream.close() }
  }

  leaseGrant(ttlSeconds: number, reply: Reply<LeaseGrantResponse>): void {
    const id = ++this.#lastLeaseId
    const { cause } = this.#scope.sim
    const grant = (): EtcdResult<LeaseGrantResponse> => {
      const result = this.#store.leaseGrant(id, ttlSeconds, this.#scope.sim.now)
      if (!result.ok) return result
      this.#leaseCauses.set(id, cause)
      this.#expectExpiry(result.response.expiresAtMs)
      const { revision } = this.#store
      return { ok: true, response: { id, ttlSeconds: result.response.ttlSeconds, revision } }
    }
    this.#commit(grant, undefined, reply)
  }

  leaseRevoke(id: number, reply: Reply<{ readonly revision: number }>): void {
    const revoke = () => {
      this.#leaseCauses.delete(id)
      return this.#store.leaseRevoke(id)
    }
    this.#commit(revoke, undefined, reply)
  }

  leaseKeepAlive(id: number, reply: Reply<LeaseKeepAliveResponse>): void {
    this.#read(() => {
      const { now, cause } = this.#scope.sim
      const lease = this.#store.leaseKeepAlive(id, now)
      if (lease) this.#leaseCauses.set(id, cause)
      reply({ ok: true, response: { id, ttlSeconds: lease ? lease.ttlSeconds : 0 } })
    })
  }

  leaseTimeToLive(id: number, reply: Reply<LeaseTimeToLiveResponse>): void {
    this.#read(() => reply({ ok: true, response: this.#store.leaseTimeToLive(id, this.#scope.sim.now) }))
  }

  /** Makes a change when the disk has flushed, and answers under the change's own trace record. */
  #commit<A, R>(
    apply: (asked: A) => EtcdResult<R>,
    asked: A,
    reply: (result: EtcdResult<R>, asked: A) => void,
  ): void {
    const { sim } = this.#scope
    if (this.#writesAtMs !== sim.now || this.#writes.length === LIMITS.writesPerCommit) {
      const group: QueuedWrite[] = []
      this.#writes = group
      this.#writesAtMs = sim.now
      this.#disk.sync(() => this.#drainWrites(group))
    }
    this.#writes.push({ apply, asked, reply, cause: sim.cause })
  }

  #drainWrites(group: (QueuedWrite | undefined)[]): void {
    const { sim } = this.#scope
    const before = sim.cause
    try {
      for (let i = 0; i < group.length; i++) {
        if (!this.#scope.isAlive) return // One of the answers crashed this member.
        const { apply, asked, reply, cause } = group[i]!
        group[i] = undefined // What is done is let go of: the group is long.
        sim.exchangeCause(cause)
        this.#lastChange = 0
        const result = apply(asked as never)
        if (this.#lastChange !== 0) {
          sim.markChanged()
          sim.exchangeCause(this.#lastChange)
        }
        reply(result as EtcdResult<never>, asked as never)
      }
    } finally {
      sim.exchangeCause(before)
    }
  }

  #read(run: () => void): void {
    const { sim } = this.#scope
    if (this.#readsAtMs !== sim.now) {
      const group: QueuedRead[] = []
      this.#reads = group
      this.#readsAtMs = sim.now
      this.#scope.schedule(this.#readMs, this.#labels.read, this.#drainReads, group)
    }
    this.#reads.push({ run, cause: sim.cause })
  }

  readonly #drainReads = (group: QueuedRead[]): void => {
    const { sim } = this.#scope
    // With no latency the group is answered in the millisecond it was opened in: later ones need another.
    if (this.#reads === group) this.#readsAtMs = -1
    for (const { run, cause } of group) {
      if (!this.#scope.isAlive) return // One of the answers crashed this member.
      sim.because(cause, run)
    }
  }

  /** Sees to it that a check comes at the first tick of the lessor's at or after `expiresAtMs`. */
  #expectExpiry(expiresAtMs: number): void {
    const { sim } = this.#scope
    const ticks = Math.ceil((expiresAtMs - this.#startMs) / LEASE_CHECK_MS)
    const dueMs = Math.max(this.#startMs + ticks * LEASE_CHECK_MS, sim.now)
    if (this.#leaseTimer) {
      if (this.#leaseTimer.atMs <= dueMs) return
      sim.cancel(this.#leaseTimer)
    }
    const run = () => this.#checkLeases()
    this.#leaseTimer = this.#scope.schedule(dueMs - sim.now, this.#labels.leaseCheck, run, undefined, 0, 0)
  }

  #checkLeases(): void {
    const { sim } = this.#scope
    this.#leaseTimer = undefined
    let nextMs = Number.POSITIVE_INFINITY
    for (const { id, expiresAtMs } of this.#store.leases()) {
      if (expiresAtMs > sim.now) {
        nextMs = Math.min(nextMs, expiresAtMs)
        continue
      }
      const expired = sim.note(this.#labels.leaseExpired, 0, id, this.#leaseCauses.get(id) ?? 0)
      sim.because(expired, () => this.leaseRevoke(id, acceptRevoked))
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#expectExpiry(nextMs)
  }
}

function tell<V>(result: EtcdResult<OptimisticResponse<V>>, write: OptimisticWrite<V>): void {
  write.answered(result)
}

function acceptRevoked(result: EtcdResult<unknown>): void {
  assert(result.ok || result.error === ETCD_ERRORS.leaseNotFound, 'an expired lease can be revoked')
}
