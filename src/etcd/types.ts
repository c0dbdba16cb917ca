/**
 * etcd's v3 API as values in one process: what a client can ask of a member, and what it is answered. Mirrors
 * etcd 3.5's `rpc.proto`. It differs in three ways: keys are strings compared by UTF-16 code unit (the same order
 * as bytes for ASCII, which is all that Kubernetes uses), values are opaque immutable objects that are never
 * copied, and every change carries the trace record that caused it.
 */
import type { Cause, Linked, Subject } from '../sim/index.ts'
import type { EtcdError } from './errors.ts'

/** A key as it stood at one revision. Never changes: shared by the store, answers and events. */
export interface KeyValue<V> {
  readonly key: string
  /** Absent (`undefined`) in the answer to a range with `keysOnly`, and in a deletion. */
  readonly value: V
  /** Revision of the put that created the key's present life. */
  readonly createRevision: number
  /** Revision of the latest change of the key. */
  readonly modRevision: number
  /** Puts since creation, the creation included; 0 in a deletion. */
  readonly version: number
  /** The lease that the key dies with; 0 for none. */
  readonly lease: number
}

/**
 * Which keys: `key` alone, or those in [key, rangeEnd). A `rangeEnd` of `'\0'` means "to the end of the keyspace",
 * and with a `key` of `'\0'` everything. See `prefixEnd` for everything under a prefix.
 */
export interface KeyRange {
  readonly key: string
  readonly rangeEnd?: string
}

export interface RangeRequest extends KeyRange {
  /** At most this many pairs; 0 or absent for all. */
  readonly limit?: number
  /** Read as of this revision; 0 or absent for now. */
  readonly revision?: number
  readonly keysOnly?: boolean
  readonly countOnly?: boolean
  readonly sortOrder?: 'ascend' | 'descend'
  /** `key` unless given; another target without an order sorts upwards, as in etcd. */
  readonly sortTarget?: 'key' | 'version' | 'create' | 'mod' | 'value'
  /** Bounds, both included. They filter after counting, as in etcd. */
  readonly minModRevision?: number
  readonly maxModRevision?: number
  readonly minCreateRevision?: number
  readonly maxCreateRevision?: number
}

export interface PutRequest<V> {
  readonly key: string
  /** Required unless `ignoreValue`. Handed over: the sender keeps no hold on it. */
  readonly value?: V
  /** Attaches the key to this lease; absent or 0 detaches it from any. */
  readonly lease?: number
  /** Keeps the key's present value; the key must exist. */
  readonly ignoreValue?: boolean
  /** Keeps the key's present lease; the key must exist. */
  readonly ignoreLease?: boolean
  /** Answers with the pair as it was before. */
  readonly prevKv?: boolean
}

export interface DeleteRangeRequest extends KeyRange {
  /** Answers with the pairs that were deleted. */
  readonly prevKv?: boolean
}

/** A condition on one key, or on every key of a range. A key that does not exist counts as all zeros. */
export interface Compare extends KeyRange {
  readonly target: 'version' | 'create' | 'mod' | 'value' | 'lease'
  readonly result: '=' | '!=' | '>' | '<'
  /** A number, save for `value`. */
  readonly operand: unknown
}

export type Op<V> =
  | ({ readonly type: 'put' } & PutRequest<V>)
  | ({ readonly type: 'deleteRange' } & DeleteRangeRequest)
  | ({ readonly type: 'range' } & RangeRequest)
  | ({ readonly type: 'txn' } & TxnRequest<V>)

/** If all of `compare` hold, `success` is done, else `failure`; all of it at one revision. */
export interface TxnRequest<V> {
  readonly compare: readonly Compare[]
  readonly success: readonly Op<V>[]
  readonly failure: readonly Op<V>[]
}

export interface RangeResponse<V> {
  readonly type: 'range'
  /** The store's revision when it answered: where a watch goes on from, plus one. */
  readonly revision: number
  readonly kvs: readonly KeyValue<V>[]
  /** True when `limit` cut the answer short. */
  readonly more: boolean
  /** Keys in the range, whatever the limit and filters. */
  readonly count: number
}

export interface PutResponse<V> {
  readonly type: 'put'
  /** What was stored, sealed. Real etcd does not send it: the value would cross the wire again. */
  readonly kv: KeyValue<V>
  readonly prevKv?: KeyValue<V>
}

export interface DeleteRangeResponse<V> {
  readonly type: 'deleteRange'
  readonly deleted: number
  /** Empty unless asked for. */
  readonly prevKvs: readonly KeyValue<V>[]
}

export interface NestedTxnResponse<V> {
  readonly type: 'txn'
  readonly succeeded: boolean
  readonly responses: readonly OpResponse<V>[]
}

/** The answer to one operation; its `type` is the operation's. */
export type OpResponse<V> = RangeResponse<V> | PutResponse<V> | DeleteRangeResponse<V> | NestedTxnResponse<V>

export interface TxnResponse<V> {
  readonly succeeded: boolean
  /** The store's revision afterwards: the transaction's own if it changed anything. */
  readonly revision: number
  /** One for each operation of the branch that was done, in order. */
  readonly responses: readonly OpResponse<V>[]
}

/**
 * A put or a deletion of one key on condition that nobody has changed it meanwhile. Mirrors `OptimisticPut` and
 * `OptimisticDelete` of clientv3's `kubernetes` package, which stand for a transaction of one comparison and one
 * operation. One object is the question, its place among those that its client waits for, and who is told the answer:
 * thousands are under way at once.
 */
export interface OptimisticWrite<V> extends Linked<OptimisticWrite<V>> {
  readonly key: string
  /** What to put; undefined to delete. Handed over: the sender keeps no hold on it. */
  readonly value: V | undefined
  /** The revision of the key's last change as the writer knows it; 0 where there is no such key. */
  readonly expectedRevision: number
  /** Attaches the key to this lease; 0 for none. */
  readonly lease: number
  answered(result: EtcdResult<OptimisticResponse<V>>): void
}

export interface OptimisticResponse<V> {
  readonly succeeded: boolean
  /** The store's revision afterwards. */
  readonly revision: number
  /** What is there instead, where it did not succeed: upstream's `GetOnFailure`. */
  readonly current: KeyValue<V> | undefined
}

/** One committed change of one key. Never changes; shared by all watchers. */
export interface EtcdEvent<V> {
  readonly type: 'PUT' | 'DELETE'
  /** For a DELETE only the key and `modRevision`, the deletion's, say anything. */
  readonly kv: KeyValue<V>
  /** The pair before; absent at a creation, when not asked for, and when compacted away. */
  readonly prevKv?: KeyValue<V>
  /** The trace record of this change (`etcd/put` or `etcd/delete`). */
  readonly cause: Cause
  /** The key, interned. */
  readonly subject: Subject
}

export interface WatchRequest extends KeyRange {
  /** The first revision wanted: past ones are replayed; 0 or absent for those after now. */
  readonly startRevision?: number
  readonly prevKv?: boolean
  /** The client's lifetime (a Scope): when it is over, the watch is dropped as a broken stream would be. */
  readonly owner?: { readonly isAlive: boolean }
}

/** Where a watch's answers go; called from loop events. */
export interface WatchSink<V> {
  /**
   * Changes in order of revision, those of one millisecond together; a transaction is never split.
   * `revision`: everything up to it that this watch covers has been delivered.
   * Act on each event under its own `cause`: the batch's is only the first one's.
   */
  deliver(events: readonly EtcdEvent<V>[], revision: number): void
  /** The watch is over, not by its own `cancel`: it began before `compactRevision`. */
  canceled(compactRevision: number): void
}

export interface WatchHandle {
  /** Nothing is delivered after it. Safe to call twice. */
  cancel(): void
}

export interface LeaseGrantResponse {
  readonly id: number
  /** What was granted; etcd raises it to its minimum. */
  readonly ttlSeconds: number
  readonly revision: number
}

export interface LeaseKeepAliveResponse {
  readonly id: number
  /** 0: there is no such lease (any more). */
  readonly ttlSeconds: number
}

export interface LeaseTimeToLiveResponse {
  readonly id: number
  /** Whole seconds left; -1 when there is no such lease. */
  readonly ttlSeconds: number
  readonly grantedTtlSeconds: number
  /** The keys attached to it, in order. */
  readonly keys: readonly string[]
}

/** An answer: a response, or the refusal of the request. Refusals are values, never thrown. */
export type EtcdResult<R> =
  | { readonly ok: true; readonly response: R }
  | { readonly ok: false; readonly error: EtcdError }

export type Reply<R> = (result: EtcdResult<R>) => void

/** One for any number of writes. */
export type OptimisticReply<V> = (
  result: EtcdResult<OptimisticResponse<V>>,
  write: OptimisticWrite<V>,
) => void

/**
 * What a client (the API server) knows of etcd: the surface that the simulated member and, later, a cluster of
 * members or a real etcd offer. Every reply comes in a later loop event, under the cause of its own request; no
 * reply ever comes from a member that has crashed meanwhile.
 */
export interface EtcdPort<V> {
  /** False while nobody answers; always there unless said. */
  readonly isReachable?: boolean
  /** Linearizable read. */
  range(request: RangeRequest, reply: Reply<RangeResponse<V>>): void
  /** Answered when it is on disk. */
  txn(request: TxnRequest<V>, reply: Reply<TxnResponse<V>>): void
  /** The same for one key, without the forms of a transaction; the write itself is told. */
  optimisticWrite(write: OptimisticWrite<V>): void
  /** The first delivery comes in a later loop event. */
  watch(request: WatchRequest, sink: WatchSink<V>): WatchHandle
  /** Forgets history before `revision`, which stays readable itself. */
  compact(revision: number, reply: Reply<{ readonly revision: number }>): void
  leaseGrant(ttlSeconds: number, reply: Reply<LeaseGrantResponse>): void
  /** Ends the lease and deletes its keys, at one revision. */
  leaseRevoke(id: number, reply: Reply<{ readonly revision: number }>): void
  leaseKeepAlive(id: number, reply: Reply<LeaseKeepAliveResponse>): void
  leaseTimeToLive(id: number, reply: Reply<LeaseTimeToLiveResponse>): void
}

/** A member as its client sees it, which hears of every answer before the one who asked. */
export interface EtcdMemberPort<V> extends EtcdPort<V> {
  /** `reply` is told in the write's stead. */
  optimisticWrite(write: OptimisticWrite<V>, reply?: OptimisticReply<V>): void
}
