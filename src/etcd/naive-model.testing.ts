/**
 * etcd's data model written as plainly as can be, for tests to compare with: a whole copy of the keyspace for every
 * revision, and no index of anything.
 */
import type { Compare, KeyRange, KeyValue, Op, OpResponse, RangeRequest, TxnRequest } from './types.ts'

type State = ReadonlyMap<string, KeyValue<string>>

/** What a watch of everything would have told. */
interface Told {
  readonly type: 'PUT' | 'DELETE'
  readonly kv: KeyValue<string>
  readonly prevKv: KeyValue<string> | undefined
}

export class NaiveModel {
  readonly #states: State[] = [new Map(), new Map()]
  readonly told: Told[] = []
  readonly leases = new Set<number>()
  compactRevision = 0

  get revision(): number {
    return this.#states.length - 1
  }

  /** As of the request's revision, or of the transaction under way. */
  range(request: RangeRequest, draft?: State, draftRevision?: number): OpResponse<string> {
    const all = select(draft ?? this.#states[request.revision || this.revision]!, request)
    const wanted = all.filter(kv => kv.modRevision >= (request.minModRevision ?? 0))
    const sign = request.sortOrder === 'descend' ? -1 : 1
    if (request.sortTarget === 'mod') wanted.sort((a, b) => sign * (a.modRevision - b.modRevision))
    else if (sign < 0) wanted.reverse()
    const kvs = request.limit ? wanted.slice(0, request.limit) : wanted
    const more = kvs.length < wanted.length
    return { type: 'range', revision: draftRevision ?? this.revision, kvs, more, count: all.length }
  }

  txn(request: TxnRequest<string>): { succeeded: boolean; responses: OpResponse<string>[] } {
    const before = this.#states[this.revision]!
    const draft = new Map(before)
    const told: Told[] = []
    const result = this.#run(request, before, draft, told)
    this.#commit(draft, told)
    return result
  }

  revoke(lease: number): void {
    const draft = new Map(this.#states[this.revision]!)
    const told: Told[] = []
    for (const kv of select(draft, { key: '\0', rangeEnd: '\0' })) {
      if (kv.lease === lease) this.#remove(kv, draft, told)
    }
    this.leases.delete(lease)
    this.#commit(draft, told)
  }

  #commit(draft: State, told: readonly Told[]): void {
    if (told.length === 0) return
    this.#states.push(draft)
    this.told.push(...told)
  }

  #run(request: TxnRequest<string>, before: State, draft: Map<string, KeyValue<string>>, told: Told[]) {
    const succeeded = request.compare.every(compare => holds(compare, before))
    const ops = succeeded ? request.success : request.failure
    return { succeeded, responses: ops.map(op => this.#op(op, before, draft, told)) }
  }

  #op(op: Op<string>, before: State, draft: Map<string, KeyValue<string>>, told: Told[]): OpResponse<string> {
    if (op.type === 'txn') return { type: 'txn', ...this.#run(op, before, draft, told) }
    if (op.type === 'range') return this.range(op, draft, this.revision + Math.sign(told.length))
    if (op.type === 'deleteRange') {
      const doomed = select(draft, op)
      for (const kv of doomed) this.#remove(kv, draft, told)
      return { type: 'deleteRange', deleted: doomed.length, prevKvs: op.prevKv ? doomed : [] }
    }
    const previous = draft.get(op.key)
    const kv: KeyValue<string> = {
      key: op.key,
      value: op.value!,
      createRevision: previous?.createRevision ?? this.revision + 1,
      modRevision: this.revision + 1,
      version: (previous?.version ?? 0) + 1,
      lease: op.lease ?? 0,
    }
    draft.set(op.key, kv)
    told.push({ type: 'PUT', kv, prevKv: previous })
    return op.prevKv && previous ? { type: 'put', kv, prevKv: previous } : { type: 'put', kv }
  }

  #remove(previous: KeyValue<string>, draft: Map<string, KeyValue<string>>, told: Told[]): void {
    draft.delete(previous.key)
    const kv = {
      key: previous.key,
      value: undefined as unknown as string,
      createRevision: 0,
      modRevision: this.revision + 1,
      version: 0,
      lease: 0,
    }
    told.push({ type: 'DELETE', kv, prevKv: previous })
  }
}

export function isWithin(key: string, range: KeyRange): boolean {
  if (!range.rangeEnd) return key === range.key
  return key >= range.key && (range.rangeEnd === '\0' || key < range.rangeEnd)
}

function select(state: State, range: KeyRange): KeyValue<string>[] {
  return [...state.values()].filter(kv => isWithin(kv.key, range)).sort((a, b) => order(a.key, b.key))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function holds(compare: Compare, state: State): boolean {
  const kvs = select(state, compare)
  const zero = { createRevision: 0, modRevision: 0, version: 0, lease: 0 }
  return (kvs.length > 0 ? kvs : [zero]).every(kv => {
    const numbers = { version: kv.version, create: kv.createRevision, mod: kv.modRevision, lease: kv.lease }
    const actual =
      compare.target !== 'value' ? numbers[compare.target] : 'value' in kv ? (kv.value as string) : undefined
    const operand = compare.operand as number | string
    if (actual === undefined) return false
    if (compare.result === '=') return actual === operand
    if (compare.result === '!=') return actual !== operand
    return compare.result === '>' ? actual > operand : actual < operand
  })
}
