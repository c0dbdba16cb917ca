/**
 * etcd's data model as a synchronous data structure: keys with their versions, one revision a transaction, watches,
 * compaction, leases. Mirrors etcd's mvcc, lease and apply packages; it knows no clock, latency or disk.
 */
import { assert, type Cause, type Subject } from '../sim/index.ts'
import { ETCD_ERRORS, type EtcdError } from './errors.ts'
import type { KeyHistory } from './key-index.ts'
import { isInRange } from './key-range.ts'
import { type Lease, Lessor } from './lessor.ts'
import { assembleRange } from './range.ts'
import type { Snapshot } from './storage.ts'
import { plan, refusePlan, refuseShape, type TxnPlan, type TxnView } from './txn-plan.ts'
import type {
  DeleteRangeRequest,
  DeleteRangeResponse,
  EtcdEvent,
  EtcdResult,
  KeyRange,
  KeyValue,
  LeaseTimeToLiveResponse,
  Op,
  OpResponse,
  OptimisticResponse,
  OptimisticWrite,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  TxnRequest,
  TxnResponse,
} from './types.ts'
import { living, Versions } from './versions.ts'
import { Watchers } from './watchers.ts'

export interface MvccStoreOptions<V> {
  /** Called once for every put, at its revision, with the value handed in; what it gives is stored and shared. */
  readonly seal?: (value: V, revision: number) => V
  /** Writes the trace record of a change and gives its number; 0 without. */
  readonly note?: (type: EtcdEvent<V>['type'], subject: Subject, revision: number) => Cause
  /** Interns a key, when it gets a history; 0 without. */
  readonly subjectOf?: (key: string) => Subject
  /** The order of values, for comparing and sorting by value. Without: the same value, or JavaScript's `<`. */
  readonly compareValues?: (a: V, b: V) => number
  /** Where to go on from. */
  readonly from?: Snapshot<V>
}

export class MvccStore<V> implements TxnView<V> {
  readonly #seal: (value: V, revision: number) => V
  readonly #note: NonNullable<MvccStoreOptions<V>['note']>
  readonly #versions: Versions<V>
  readonly #lessor = new Lessor()
  readonly #watchers = new Watchers<V>()
  #isWriting = false
  readonly compareValues: (a: V, b: V) => number

  constructor(options: MvccStoreOptions<V> = {}) {
    this.#seal = options.seal ?? (value => value)
    this.#note = options.note ?? (() => 0)
    this.compareValues = options.compareValues ?? compareAnything
    this.#versions = new Versions(options.subjectOf ?? (() => 0))
    if (options.from) this.#restore(options.from)
  }

  /** The revision of the last change; a new store is at 1, as etcd is. */
  get revision(): number {
    return this.#versions.revision
  }

  /** The oldest revision that can be read; 0 when nothing was ever compacted. */
  get compactRevision(): number {
    return this.#versions.compactRevision
  }

  /** Keys that have history, deleted ones too until compaction forgets them. */
  get keyCount(): number {
    return this.#versions.keyCount
  }

  /** Changes that a watch from the past can replay. */
  get logLength(): number {
    return this.#versions.log.length
  }

  /** The key as it stands; undefined when there is none. */
  get(key: string): KeyValue<V> | undefined {
    return living(this.#versions.history(key))
  }

  /** The living pairs of a range in order of key, as they stand. */
  select(range: KeyRange): readonly KeyValue<V>[] {
    return this.#versions.select(range, this.#versions.seenRevision)
  }

  /** Every change that is still known of the keys in a range, in order of revision; deletions have version 0. */
  changes(range: KeyRange): { readonly kv: KeyValue<V>; readonly cause: Cause }[] {
    return this.#versions.log.filter(({ kv }) => isInRange(kv.key, range))
  }

  hasLease(id: number): boolean {
    return this.#lessor.get(id) !== undefined
  }

  /** Why nothing can be read at `revision`; undefined when it can. */
  refuseRevision(revision: number): EtcdError | undefined {
    return this.#versions.refuseRevision(revision)
  }

  range(request: RangeRequest): EtcdResult<RangeResponse<V>> {
    if (request.key === '') return { ok: false, error: ETCD_ERRORS.emptyKey }
    const error = request.revision ? this.refuseRevision(request.revision) : undefined
    return error ? { ok: false, error } : { ok: true, response: this.#range(request) }
  }

  txn(request: TxnRequest<V>): EtcdResult<TxnResponse<V>> {
    const misshapen = refuseShape(request)
    if (misshapen) return { ok: false, error: misshapen }
    const chosen = plan(request, this)
    const refused = refusePlan(chosen, this)
    if (refused) return { ok: false, error: refused }
    const before = this.#beginWrite()
    const responses = this.#do(chosen)
    this.#endWrite(before)
    return { ok: true, response: { succeeded: chosen.succeeded, revision: this.revision, responses } }
  }

  /** A transaction of one comparison and one put or deletion, without the forms of one. */
  optimisticWrite(
    write: Pick<OptimisticWrite<V>, 'key' | 'value' | 'expectedRevision' | 'lease'>,
  ): EtcdResult<OptimisticResponse<V>> {
    const { key, value, expectedRevision, lease } = write
    if (key === '') return { ok: false, error: ETCD_ERRORS.emptyKey }
    const history = this.#versions.history(key)
    const current = living(history)
    if ((current ? current.modRevision : 0) !== expectedRevision) {
      return { ok: true, response: { succeeded: false, revision: this.revision, current } }
    }
    if (value !== undefined && lease !== 0 && !this.hasLease(lease)) {
      return { ok: false, error: ETCD_ERRORS.leaseNotFound }
    }
    const before = this.#beginWrite()
    if (value !== undefined) this.#putValue(history ?? this.#versions.newHistory(key), value, lease)
    else if (current) this.#delete(history!)
    this.#endWrite(before)
    return { ok: true, response: { succeeded: true, revision: this.revision, current: undefined } }
  }

  /** A transaction of one put. */
  put(request: PutRequest<V>): EtcdResult<PutResponse<V> & { readonly revision: number }> {
    const result = this.txn({ compare: [], success: [{ type: 'put', ...request }], failure: [] })
    if (!result.ok) return result
    const { responses, revision } = result.response
    return { ok: true, response: { ...(responses[0] as PutResponse<V>), revision } }
  }

  /** A transaction of one deletion. */
  deleteRange(
    request: DeleteRangeRequest,
  ): EtcdResult<DeleteRangeResponse<V> & { readonly revision: number }> {
    const result = this.txn({ compare: [], success: [{ type: 'deleteRange', ...request }], failure: [] })
    if (!result.ok) return result
    const { responses, revision } = result.response
    return { ok: true, response: { ...(responses[0] as DeleteRangeResponse<V>), revision } }
  }

  /**
   * Calls `receive` for each past event from `startRevision` on, now, and for each later one at its commit. Gives
   * the function that ends it. `receive` must not write.
   */
  watch(
    range: KeyRange,
    options: { readonly startRevision?: number; readonly prevKv?: boolean },
    receive: (event: EtcdEvent<V>) => void,
  ): EtcdResult<() => void> {
    const startRevision = options.startRevision || this.revision + 1
    if (startRevision < this.compactRevision) return { ok: false, error: ETCD_ERRORS.compacted }
    const watcher = { range, startRevision, hasPrevKv: options.prevKv ?? false, receive }
    this.#watchers.replay(watcher, this.#versions.log, this.#versions.logPosition(startRevision))
    this.#watchers.add(watcher)
    return { ok: true, response: () => this.#watchers.remove(watcher) }
  }

  /** Forgets every version that no read at `revision` or later can see. */
  compact(revision: number): EtcdResult<{ readonly revision: number }> {
    const error = this.#versions.compact(revision)
    return error ? { ok: false, error } : { ok: true, response: { revision: this.revision } }
  }

  /** `id` is the caller's choice: positive, and above {@link lastLeaseId}. */
  leaseGrant(id: number, ttlSeconds: number, nowMs: number): EtcdResult<Lease> {
    return this.#lessor.grant(id, ttlSeconds, nowMs)
  }

  /** Gives the lease its whole time again; undefined when there is none or its time was already over. */
  leaseKeepAlive(id: number, nowMs: number): Lease | undefined {
    return this.#lessor.keepAlive(id, nowMs)
  }

  /** Ends the lease and deletes its keys, all at one revision. */
  leaseRevoke(id: number): EtcdResult<{ readonly revision: number }> {
    const lease = this.#lessor.get(id)
    if (!lease) return { ok: false, error: ETCD_ERRORS.leaseNotFound }
    const before = this.#beginWrite()
    for (const key of [...lease.keys].sort()) this.#delete(this.#versions.history(key)!)
    this.#endWrite(before)
    this.#lessor.remove(id)
    return { ok: true, response: { revision: this.revision } }
  }

  leaseTimeToLive(id: number, nowMs: number): LeaseTimeToLiveResponse {
    const lease = this.#lessor.get(id)
    if (!lease || lease.expiresAtMs <= nowMs) return { id, ttlSeconds: -1, grantedTtlSeconds: 0, keys: [] }
    const ttlSeconds = Math.floor((lease.expiresAtMs - nowMs) / 1000)
    return { id, ttlSeconds, grantedTtlSeconds: lease.ttlSeconds, keys: [...lease.keys].sort() }
  }

  /** The living leases, in the order in which they were granted. */
  leases(): Iterable<Lease> {
    return this.#lessor.all()
  }

  /** The highest lease id ever granted. */
  get lastLeaseId(): number {
    return this.#lessor.lastId
  }

  /** Everything it knows save its watches; shares the pairs with it. */
  snapshot(): Snapshot<V> {
    const leases = [...this.#lessor.all()]
    return {
      revision: this.revision,
      compactRevision: this.compactRevision,
      versions: this.#versions.snapshot(),
      leases: leases.map(({ id, ttlSeconds, expiresAtMs }) => ({ id, ttlSeconds, expiresAtMs })),
      lastLeaseId: this.#lessor.lastId,
    }
  }

  #restore(snapshot: Snapshot<V>): void {
    this.#versions.restore(snapshot)
    this.#lessor.restore(snapshot.leases, snapshot.lastLeaseId)
    for (const { kv } of snapshot.versions) {
      if (kv.lease !== 0 && this.get(kv.key) === kv) this.#lessor.move(kv.key, 0, kv.lease)
    }
  }

  /** Begins one transaction's changes; gives where in the log they will stand. */
  #beginWrite(): number {
    assert(!this.#isWriting, 'nothing is written from inside a watch or a seal')
    this.#isWriting = true
    return this.#versions.log.length
  }

  /** Gives the changes since `before` one revision, and announces them together. */
  #endWrite(before: number): void {
    const { log } = this.#versions
    if (log.length > before) {
      this.#versions.finishRevision()
      this.#watchers.announce(log, before)
    }
    this.#isWriting = false
  }

  #do(chosen: TxnPlan<V>): OpResponse<V>[] {
    const { ops } = chosen
    // Nearly every transaction is one operation: a list that grows would take room for many.
    const only = ops[0]
    if (only && ops.length === 1 && only.type !== 'txn') return [this.#doOne(only)]
    const responses: OpResponse<V>[] = []
    let nestedAt = 0
    for (const op of ops) {
      if (op.type !== 'txn') responses.push(this.#doOne(op))
      else {
        const nested = chosen.nested[nestedAt++]!
        responses.push({ type: 'txn', succeeded: nested.succeeded, responses: this.#do(nested) })
      }
    }
    return responses
  }

  #doOne(op: Exclude<Op<V>, { type: 'txn' }>): OpResponse<V> {
    if (op.type === 'put') return this.#put(op)
    return op.type === 'deleteRange' ? this.#deleteRange(op) : this.#range(op)
  }

  #range(request: RangeRequest): RangeResponse<V> {
    const seen = this.#versions.seenRevision
    const kvs = this.#versions.select(request, request.revision || seen)
    return assembleRange(request, kvs, seen, this.compareValues)
  }

  #put(request: PutRequest<V>): PutResponse<V> {
    const history = this.#versions.historyForWrite(request.key)
    const previous = living(history)
    const lease = request.ignoreLease && previous ? previous.lease : (request.lease ?? 0)
    const value = request.ignoreValue ? previous!.value : (request.value as V)
    const kv = this.#putValue(history, value, lease)
    return request.prevKv && previous ? { type: 'put', kv, prevKv: previous } : { type: 'put', kv }
  }

  #putValue(history: KeyHistory<V>, value: V, lease: number): KeyValue<V> {
    const revision = this.revision + 1
    const previous = living(history)
    const kv: KeyValue<V> = {
      key: history.key,
      value: this.#seal(value, revision),
      createRevision: previous ? previous.createRevision : revision,
      modRevision: revision,
      version: previous ? previous.version + 1 : 1,
      lease,
    }
    this.#versions.append(history, kv, this.#note('PUT', history.subject, revision))
    this.#lessor.move(history.key, previous ? previous.lease : 0, lease)
    return kv
  }

  #deleteRange(request: DeleteRangeRequest): DeleteRangeResponse<V> {
    const prevKvs: KeyValue<V>[] = []
    let deleted = 0
    for (const history of this.#versions.histories(request)) {
      const previous = living(history)
      if (!previous) continue
      this.#delete(history)
      deleted++
      if (request.prevKv) prevKvs.push(previous)
    }
    return { type: 'deleteRange', deleted, prevKvs }
  }

  #delete(history: KeyHistory<V>): void {
    const { key } = history
    const { lease } = living(history)!
    const modRevision = this.revision + 1
    const kv = { key, value: undefined as V, createRevision: 0, modRevision, version: 0, lease: 0 }
    this.#versions.append(history, kv, this.#note('DELETE', history.subject, modRevision))
    this.#lessor.move(key, lease, 0)
  }
}

function compareAnything<V>(a: V, b: V): number {
  if (Object.is(a, b)) return 0
  return a < b ? -1 : 1
}
