/**
 * Objects in etcd: reads and compare-and-swap writes as routines to be waited for. Mirrors
 * `k8s.io/apiserver/pkg/storage/etcd3`. Values are the objects themselves; {@link sealObject} stamps each with
 * its resourceVersion at the commit and freezes it, so nothing is copied on the way.
 */
import { ApiError, type KubeObject, type Status, statuses } from '../api/index.ts'
import {
  ETCD_ERRORS,
  type EtcdError,
  type EtcdPort,
  type EtcdResult,
  type KeyValue,
  type OptimisticResponse,
  type OptimisticWrite,
  type RangeRequest,
  type RangeResponse,
  type TxnResponse,
} from '../etcd/index.ts'
import { callback, type Resumable, type Routine, type Waiting } from '../sim/index.ts'
import type { Counters } from './counters.ts'

/** What etcd holds of one key. */
export interface Stored {
  readonly object: KubeObject
  readonly revision: number
}

/** How a write ended. */
export type WriteOutcome =
  | { readonly ok: true; readonly object: KubeObject; readonly revision: number }
  | {
      readonly ok: false
      /** What is there instead, the key having changed meanwhile; undefined when it is gone. */
      readonly current: Stored | undefined
      /** Why etcd did not even try. */
      readonly refused: Status | undefined
    }

/**
 * Etcd's `seal` hook: the object to be stored, with the commit's revision as its resourceVersion, frozen. The
 * root and its metadata must belong to the writer; what is below may be shared and is left as it is.
 */
export function sealObject(object: KubeObject, revision: number): KubeObject {
  object.metadata.resourceVersion = String(revision)
  Object.freeze(object.metadata)
  return Object.freeze(object)
}

export class Store {
  readonly #etcd: EtcdPort<KubeObject>
  readonly #counters: Counters
  #revision = 0

  constructor(etcd: EtcdPort<KubeObject>, counters: Counters) {
    this.#etcd = etcd
    this.#counters = counters
  }

  /** The highest revision that any answer has shown: a cache that has come this far hides no write of ours. */
  get revision(): number {
    return this.#revision
  }

  /** Whether etcd would answer: while it would not, what the cache shows may be old news. */
  get isReachable(): boolean {
    return this.#etcd.isReachable !== false
  }

  /** Stores a new object; not ok when the key is taken. To be yielded: resumes with a {@link WriteOutcome}. */
  create(key: string, object: KubeObject, lease: number): Waiting {
    return new Write(this, key, object, object, 0, lease)
  }

  /** Stores new objects in one transaction, all or none. */
  *createAll(
    objects: readonly { readonly key: string; readonly object: KubeObject }[],
  ): Routine<WriteOutcome> {
    const result = yield* callback<EtcdResult<TxnResponse<KubeObject>>>(done => {
      this.#etcd.txn(
        {
          compare: objects.map(({ key }) => ({ key, target: 'version', result: '=', operand: 0 })),
          success: objects.map(({ key, object }) => ({ type: 'put', key, value: object, lease: 0 })),
          failure: [],
        },
        done,
      )
    })
    if (!result.ok) return { ok: false, current: undefined, refused: statusOf(result.error) }
    return this.#outcome(result.response, objects[0]!.object, undefined)
  }

  /** Replaces what was stored at `revision`. To be yielded. */
  replace(key: string, object: KubeObject, revision: number, lease: number): Waiting {
    return new Write(this, key, object, object, revision, lease)
  }

  /** Deletes what was stored at `revision`; the outcome's object is `last`. To be yielded. */
  remove(key: string, last: KubeObject, revision: number): Waiting {
    return new Write(this, key, undefined, last, revision, 0)
  }

  /** What is stored under `key` now. */
  *read(key: string): Routine<Stored | undefined> {
    const response = yield* this.range({ key })
    const [kv] = response.kvs
    return kv && storedAs(kv)
  }

  /** Throws ApiError when etcd refuses: 410 with `tooOld` as its message when the revision is compacted. */
  *range(request: RangeRequest, tooOld = TOO_OLD): Routine<RangeResponse<KubeObject>> {
    const result = (yield new RangeAnswer(this.#etcd, request)) as EtcdResult<RangeResponse<KubeObject>>
    if (!result.ok) throw new ApiError(statusOf(result.error, tooOld))
    this.#saw(result.response.revision)
    return result.response
  }

  /** A lease that lasts `ttlSeconds`: its number. */
  *grantLease(ttlSeconds: number): Routine<number> {
    const etcd = this.#etcd
    const result = (yield {
      arm: (waiter: Resumable) => etcd.leaseGrant(ttlSeconds, answer => waiter.resume(answer)),
    }) as EtcdResult<{ readonly id: number }>
    if (!result.ok) throw new ApiError(statusOf(result.error))
    return result.response.id
  }

  /** Sends a write. Called, like {@link outcomeOf}, by what the methods above return. */
  send(write: Write): void {
    this.#etcd.optimisticWrite(write)
  }

  /** What etcd's answer to a write of `object` means. */
  outcomeOf(result: EtcdResult<OptimisticResponse<KubeObject>>, object: KubeObject): WriteOutcome {
    if (!result.ok) return { ok: false, current: undefined, refused: statusOf(result.error) }
    return this.#outcome(result.response, object, result.response.current)
  }

  #outcome(
    { succeeded, revision }: { readonly succeeded: boolean; readonly revision: number },
    object: KubeObject,
    current: KeyValue<KubeObject> | undefined,
  ): WriteOutcome {
    this.#saw(revision)
    if (succeeded) {
      this.#counters.writes++
      return { ok: true, object, revision }
    }
    return { ok: false, current: current && storedAs(current), refused: undefined }
  }

  #saw(revision: number): void {
    if (revision > this.#revision) this.#revision = revision
  }
}

function storedAs({ value, modRevision }: KeyValue<KubeObject>): Stored {
  return { object: value, revision: modRevision }
}

const TOO_OLD = 'The resourceVersion for the provided list is too old.'

/** Etcd's refusals as upstream's error handling answers them. */
function statusOf(error: EtcdError, tooOld = TOO_OLD): Status {
  if (error === ETCD_ERRORS.compacted) return statuses.expired(tooOld)
  return { ...statuses.internalError(''), reason: '', message: error.message }
}

/** A write to be waited for. A class and not a routine: the hottest wait there is. */
class Write implements Waiting, OptimisticWrite<KubeObject> {
  readonly key: string
  readonly value: KubeObject | undefined
  readonly expectedRevision: number
  readonly lease: number
  before: OptimisticWrite<KubeObject> | undefined
  after: OptimisticWrite<KubeObject> | undefined
  readonly #store: Store
  /** The outcome's. */
  readonly #object: KubeObject
  #waiter: Resumable | undefined

  constructor(
    store: Store,
    key: string,
    value: KubeObject | undefined,
    object: KubeObject,
    expectedRevision: number,
    lease: number,
  ) {
    this.key = key
    this.value = value
    this.expectedRevision = expectedRevision
    this.lease = lease
    this.#store = store
    this.#object = object
  }

  arm(waiter: Resumable): void {
    this.#waiter = waiter
    this.#store.send(this)
  }

  answered(result: EtcdResult<OptimisticResponse<KubeObject>>): void {
    this.#waiter!.resume(this.#store.outcomeOf(result, this.#object))
  }
}

class RangeAnswer implements Waiting {
  readonly #etcd: EtcdPort<KubeObject>
  readonly #request: RangeRequest

  constructor(etcd: EtcdPort<KubeObject>, request: RangeRequest) {
    this.#etcd = etcd
    this.#request = request
  }

  arm(waiter: Resumable): void {
    this.#etcd.range(this.#request, result => waiter.resume(result))
  }
}
