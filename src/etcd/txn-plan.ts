/**
 * What a transaction will do, decided before anything is done: its shape is checked, every comparison (nested ones
 * too) is made against the state before it, and the operations of the chosen branches are vetted. Mirrors
 * `checkTxnRequest`, `checkIntervals` and `compareToPath` of etcd's server.
 */
import { LIMITS } from '../sim/index.ts'
import { ETCD_ERRORS, type EtcdError } from './errors.ts'
import { isInRange, isSingleKey, upperBound } from './key-range.ts'
import type { Compare, KeyRange, KeyValue, Op, RangeRequest, TxnRequest } from './types.ts'

/** The branch taken; `nested` holds the plans of its `txn` operations, in order. */
export interface TxnPlan<V> {
  readonly succeeded: boolean
  readonly ops: readonly Op<V>[]
  readonly nested: readonly TxnPlan<V>[]
}

/** What planning needs to know of the store. */
export interface TxnView<V> {
  get(key: string): KeyValue<V> | undefined
  /** The living pairs of a range, in order. */
  select(range: KeyRange): readonly KeyValue<V>[]
  hasLease(id: number): boolean
  /** Why a range cannot be read at its revision. */
  refuseRevision(revision: number): EtcdError | undefined
  compareValues(a: V, b: V): number
}

/** Refuses a transaction that no state could accept. */
export function refuseShape<V>(txn: TxnRequest<V>): EtcdError | undefined {
  const misfit = refuseLevel(txn, LIMITS.etcdTxnOps)
  if (misfit) return misfit
  return clashes(txn.success) || clashes(txn.failure) ? ETCD_ERRORS.duplicateKey : undefined
}

function clashes<V>(ops: readonly Op<V>[]): boolean {
  const canClash = ops.length > 1 || ops[0]?.type === 'txn'
  return canClash && footprint(ops) === undefined
}

function refuseLevel<V>(txn: TxnRequest<V>, budget: number): EtcdError | undefined {
  const width = Math.max(txn.compare.length, txn.success.length, txn.failure.length)
  if (width > budget) return ETCD_ERRORS.tooManyOps
  for (const { key } of txn.compare) if (key === '') return ETCD_ERRORS.emptyKey
  return refuseOps(txn.success, budget - width) ?? refuseOps(txn.failure, budget - width)
}

function refuseOps<V>(ops: readonly Op<V>[], budget: number): EtcdError | undefined {
  for (let i = 0; i < ops.length; i++) {
    const error = refuseOp(ops[i]!, budget)
    if (error) return error
  }
  return undefined
}

function refuseOp<V>(op: Op<V>, budget: number): EtcdError | undefined {
  if (op.type === 'txn') return refuseLevel(op, budget)
  if (op.key === '') return ETCD_ERRORS.emptyKey
  if (op.type !== 'put') return undefined
  if (op.ignoreValue && op.value !== undefined) return ETCD_ERRORS.valueProvided
  if (op.ignoreLease && op.lease) return ETCD_ERRORS.leaseProvided
  return undefined
}

/** The keys put and the ranges deleted by a branch; undefined when they clash: a key may be put only once. */
function footprint<V>(ops: readonly Op<V>[]): { puts: Set<string>; deletes: KeyRange[] } | undefined {
  const puts = new Set<string>()
  const deletes: KeyRange[] = ops.filter(op => op.type === 'deleteRange')
  const isDeleted = (key: string) => deletes.some(range => isInRange(key, range))

  for (const op of ops) {
    if (op.type !== 'txn') continue
    const success = footprint(op.success)
    const failure = footprint(op.failure)
    if (!success || !failure) return undefined
    // Both branches may put a key: only one of them is done.
    for (const key of new Set([...success.puts, ...failure.puts])) {
      if (puts.has(key) || isDeleted(key)) return undefined
      puts.add(key)
    }
    deletes.push(...success.deletes, ...failure.deletes)
  }
  for (const op of ops) {
    if (op.type !== 'put') continue
    if (puts.has(op.key) || isDeleted(op.key)) return undefined
    puts.add(op.key)
  }
  return { puts, deletes }
}

const NO_PLANS: readonly never[] = []

/** Chooses the branches. */
export function plan<V>(txn: TxnRequest<V>, view: TxnView<V>): TxnPlan<V> {
  let succeeded = true
  for (const compare of txn.compare) succeeded &&= holds(compare, view)
  const ops = succeeded ? txn.success : txn.failure
  let isNested = false
  for (const op of ops) isNested ||= op.type === 'txn'
  if (!isNested) return { succeeded, ops, nested: NO_PLANS }
  return { succeeded, ops, nested: ops.filter(op => op.type === 'txn').map(op => plan(op, view)) }
}

/** Refuses a plan that the present state does not allow, so that doing it never fails half-way. */
export function refusePlan<V>(chosen: TxnPlan<V>, view: TxnView<V>): EtcdError | undefined {
  let nestedAt = 0
  for (const op of chosen.ops) {
    let error: EtcdError | undefined
    if (op.type === 'txn') error = refusePlan(chosen.nested[nestedAt++]!, view)
    else if (op.type === 'range') error = refuseRange(op, view)
    else if (op.type === 'put') {
      if ((op.ignoreValue || op.ignoreLease) && !view.get(op.key)) error = ETCD_ERRORS.keyNotFound
      else if (op.lease && !view.hasLease(op.lease)) error = ETCD_ERRORS.leaseNotFound
    }
    if (error) return error
  }
  return undefined
}

function refuseRange<V>(request: RangeRequest, view: TxnView<V>): EtcdError | undefined {
  return request.revision ? view.refuseRevision(request.revision) : undefined
}

function holds<V>(compare: Compare, view: TxnView<V>): boolean {
  if (isSingleKey(compare)) return holdsFor(compare, view.get(compare.key), view)
  if (upperBound(compare) === undefined || compare.rangeEnd! > compare.key) {
    const kvs = view.select(compare)
    if (kvs.length > 0) return kvs.every(kv => holdsFor(compare, kv, view))
  }
  return holdsFor(compare, undefined, view)
}

function holdsFor<V>(compare: Compare, kv: KeyValue<V> | undefined, view: TxnView<V>): boolean {
  // A value of a key that does not exist equals nothing, and differs from nothing either.
  if (compare.target === 'value' && !kv) return false
  const order =
    compare.target === 'value'
      ? view.compareValues(kv!.value, compare.operand as V)
      : numberOf(compare.target, kv) - (compare.operand as number)
  switch (compare.result) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '>':
      return order > 0
    case '<':
      return order < 0
  }
}

function numberOf<V>(target: Exclude<Compare['target'], 'value'>, kv: KeyValue<V> | undefined): number {
  if (!kv) return 0
  switch (target) {
    case 'version':
      return kv.version
    case 'create':
      return kv.createRevision
    case 'mod':
      return kv.modRevision
    case 'lease':
      return kv.lease
  }
}
