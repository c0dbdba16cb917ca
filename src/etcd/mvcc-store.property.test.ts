/**
 * The store against a naive model: whatever is asked, in whatever order, both answer and announce the same.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeyIndex } from './key-index.ts'
import { MvccStore } from './mvcc-store.ts'
import { isWithin, NaiveModel } from './naive-model.testing.ts'
import type { Compare, EtcdEvent, KeyRange, Op, RangeRequest, TxnRequest } from './types.ts'
import { WatchIndex } from './watch-index.ts'

const key = fc.constantFrom('a', 'a/1', 'a/2', 'b', 'b/1', 'c')
const range: fc.Arbitrary<KeyRange> = fc.oneof(
  fc.record({ key }),
  fc.record({ key, rangeEnd: fc.constantFrom('a/2', 'a0', 'b', 'b0', 'd', '\0') }),
)
const value = fc.constantFrom('red', 'green', 'blue')
/** Stands for the compacted revision, where most can go wrong. */
const EDGE = -1
/** Revisions are drawn as shares of what there is when the step is made. */
const share = fc.oneof(
  fc.nat(100).map(percent => percent / 100),
  fc.constant(EDGE),
)
const lease = fc.constantFrom(0, 0, 0, 0, 1, 2)

const compare: fc.Arbitrary<Compare> = fc
  .tuple(
    range,
    fc.constantFrom('=', '!=', '>', '<'),
    fc.constantFrom('version', 'create', 'mod', 'lease', 'value'),
    fc.nat(9),
    value,
  )
  .map(([where, result, target, number, text]) => ({
    ...where,
    result,
    target,
    operand: target === 'value' ? text : number,
  }))

const rangeRequest: fc.Arbitrary<RangeRequest> = fc
  .tuple(
    range,
    fc.nat(3),
    fc.constantFrom(undefined, 'mod' as const),
    fc.constantFrom(undefined, 'ascend' as const, 'descend' as const),
    fc.nat(12),
  )
  .map(([where, limit, sortTarget, sortOrder, minModRevision]) => ({
    ...where,
    limit,
    sortTarget,
    sortOrder,
    minModRevision,
  }))

const flatOp: fc.Arbitrary<Op<string>> = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, value, lease, prevKv: fc.boolean() }),
  fc
    .tuple(range, fc.boolean())
    .map(([where, prevKv]) => ({ type: 'deleteRange' as const, ...where, prevKv })),
  rangeRequest.map(request => ({ type: 'range' as const, ...request })),
)
const compares = fc.array(compare, { maxLength: 2 })
const flatOps = fc.array(flatOp, { maxLength: 3 })
const flatTxn: fc.Arbitrary<TxnRequest<string>> = fc.record({
  compare: compares,
  success: flatOps,
  failure: flatOps,
})
const op = fc.oneof(
  { weight: 5, arbitrary: flatOp },
  { weight: 1, arbitrary: flatTxn.map(txn => ({ type: 'txn' as const, ...txn })) },
)
const ops = fc.array(op, { maxLength: 3 })
const txn: fc.Arbitrary<TxnRequest<string>> = fc.record({ compare: compares, success: ops, failure: ops })

/** An optimistic write, whose expected revision is the key's own or another. */
interface Drawn {
  readonly key: string
  readonly value: string | undefined
  readonly lease: number
  readonly isRight: boolean
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  key,
  value: fc.option(value, { nil: undefined }),
  lease,
  isRight: fc.boolean(),
})

type Step =
  | { readonly does: 'txn'; readonly txn: TxnRequest<string> }
  | { readonly does: 'optimistic'; readonly write: Drawn; readonly share: number }
  | { readonly does: 'range'; readonly request: RangeRequest; readonly share: number }
  | { readonly does: 'compact'; readonly share: number }
  | { readonly does: 'restore' }
  | { readonly does: 'watch'; readonly range: KeyRange; readonly share: number }
  | { readonly does: 'grant'; readonly lease: number }
  | { readonly does: 'revoke'; readonly lease: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: txn.map(request => ({ does: 'txn' as const, txn: request })) },
  { weight: 10, arbitrary: flatOp.map(only => ({ does: 'txn' as const, txn: alone(only) })) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('optimistic' as const), write: drawn, share }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('range' as const), request: rangeRequest, share }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('watch' as const), range, share }) },
  { weight: 2, arbitrary: share.map(at => ({ does: 'compact' as const, share: at })) },
  { weight: 1, arbitrary: fc.constant({ does: 'restore' as const }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2).map(id => ({ does: 'grant' as const, lease: id })) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2).map(id => ({ does: 'revoke' as const, lease: id })) },
)

function alone(only: Op<string>): TxnRequest<string> {
  return { compare: [], success: [only], failure: [] }
}

interface Watching {
  readonly range: KeyRange
  readonly from: number
  /** Changes up to here were history when the watch began: previous pairs below may be compacted away. */
  readonly compactedAt: number
  readonly got: EtcdEvent<string>[]
  /** How many the model had told when the store was replaced, which ends the watch. */
  until: number | undefined
}

/** Runs the steps on both and compares as it goes. */
class Comparison {
  readonly model = new NaiveModel()
  readonly watches: Watching[] = []
  store = new MvccStore<string>()
  /** Transactions that both sides did: a comparison that refused everything would prove nothing. */
  accepted = 0

  run(step: Step): void {
    if (step.does === 'txn') this.#txn(step.txn)
    else if (step.does === 'optimistic') this.#optimistic(step.write, step.share)
    else if (step.does === 'range') this.#range(step.request, step.share)
    else if (step.does === 'watch') this.#watch(step.range, step.share)
    else if (step.does === 'compact') this.#compact(step.share)
    else if (step.does === 'restore') this.#restore()
    else if (step.does === 'grant') this.#grant(step.lease)
    else this.#revoke(step.lease)
  }

  #revisionAt(at: number): number {
    return at === EDGE ? this.model.compactRevision : Math.round(at * (this.model.revision + 1))
  }

  #txn(request: TxnRequest<string>): void {
    const revision = this.model.revision
    const result = this.store.txn(request)
    if (!result.ok) {
      // What is refused changes nothing; which requests are refused is the tables' to say.
      expect(this.store.revision).toBe(revision)
      return
    }
    this.accepted++
    const expected = this.model.txn(request)
    expect(result.response).toEqual({ ...expected, revision: this.model.revision })
  }

  /** Must be what a transaction of one comparison and one operation is. */
  #optimistic({ key, value, lease, isRight }: Drawn, at: number): void {
    const known = this.store.get(key)?.modRevision ?? 0
    const expectedRevision = isRight ? known : this.#revisionAt(at)
    const before = this.model.revision
    const result = this.store.optimisticWrite({ key, value, lease, expectedRevision })
    if (!result.ok) {
      expect(this.model.leases.has(lease)).toBe(false)
      expect(this.store.revision).toBe(before)
      return
    }
    const expected = this.model.txn({
      compare: [{ key, target: 'mod', result: '=', operand: expectedRevision }],
      success: [value === undefined ? { type: 'deleteRange', key } : { type: 'put', key, value, lease }],
      failure: [{ type: 'range', key }],
    })
    const [found] = expected.responses
    expect(result.response).toEqual({
      succeeded: expected.succeeded,
      revision: this.model.revision,
      current: found?.type === 'range' ? found.kvs[0] : undefined,
    })
    if (expected.succeeded) this.accepted++
  }

  #range(request: RangeRequest, at: number): void {
    const revision = this.#revisionAt(at)
    const result = this.store.range({ ...request, revision })
    if (revision > this.model.revision) {
      expect(!result.ok && result.error.message).toMatch('future revision')
    } else if (revision > 0 && revision < this.model.compactRevision) {
      expect(!result.ok && result.error.message).toMatch('has been compacted')
    } else {
      expect(result.ok && result.response).toEqual(this.model.range({ ...request, revision }))
    }
  }

  #watch(where: KeyRange, at: number): void {
    const from = Math.max(1, this.#revisionAt(at))
    const got: EtcdEvent<string>[] = []
    const result = this.store.watch(where, { startRevision: from, prevKv: true }, event => got.push(event))
    expect(result.ok).toBe(from >= this.model.compactRevision)
    if (result.ok) {
      this.watches.push({
        range: where,
        from,
        compactedAt: this.model.compactRevision,
        got,
        until: undefined,
      })
    }
  }

  #compact(at: number): void {
    const revision = this.#revisionAt(at)
    const isPossible = revision > this.model.compactRevision && revision <= this.model.revision
    expect(this.store.compact(revision).ok).toBe(isPossible)
    if (isPossible) this.model.compactRevision = revision
  }

  #restore(): void {
    const snapshot = this.store.snapshot()
    this.store = new MvccStore({ from: snapshot })
    expect(this.store.snapshot()).toEqual(snapshot)
    for (const watching of this.watches) watching.until ??= this.model.told.length
  }

  #grant(id: number): void {
    if (this.model.leases.has(id)) return
    this.store.leaseGrant(id, 10, 0)
    this.model.leases.add(id)
  }

  #revoke(id: number): void {
    const isThere = this.model.leases.has(id)
    expect(this.store.leaseRevoke(id).ok).toBe(isThere)
    if (isThere) this.model.revoke(id)
    expect(this.store.revision).toBe(this.model.revision)
  }

  checkWatches(): void {
    for (const { range: where, from, compactedAt, got, until } of this.watches) {
      const told = this.model.told.slice(0, until)
      const expected = told.filter(({ kv }) => kv.modRevision >= from && isWithin(kv.key, where))
      expect(got.map(({ type, kv, prevKv }) => ({ type, kv, prevKv }))).toEqual(
        // At the compacted revision itself the pair before is gone.
        expected.map(event =>
          event.kv.modRevision <= compactedAt ? { ...event, prevKv: undefined } : event,
        ),
      )
    }
  }
}

describe('the store and the naive model', () => {
  test('agree on every answer and every event', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), steps => {
        const comparison = new Comparison()
        for (const each of steps) comparison.run(each)
        comparison.checkWatches()
        accepted += comparison.accepted
      }),
      { seed: 7, numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(3000)
  })

  test('a lease knows exactly the keys attached to it', () => {
    fc.assert(
      fc.property(fc.array(flatTxn, { maxLength: 20 }), txns => {
        const store = new MvccStore<string>()
        store.leaseGrant(1, 10, 0)
        store.leaseGrant(2, 10, 0)
        for (const request of txns) store.txn(request)
        for (const id of [1, 2]) {
          const attached = store.select({ key: '\0', rangeEnd: '\0' }).filter(kv => kv.lease === id)
          expect(store.leaseTimeToLive(id, 0).keys).toEqual(attached.map(kv => kv.key))
        }
      }),
      { seed: 11, numRuns: 200 },
    )
  })
})

test('the key index keeps thousands of keys in order through additions, drops and returns', () => {
  const number = fc.integer({ min: 0, max: 3000 })
  const change = fc.record({ isDrop: fc.boolean(), from: number, count: fc.integer({ min: 1, max: 900 }) })
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 12 }),
      fc.array(fc.boolean(), { maxLength: 12 }),
      (changes, looks) => {
        const index = new KeyIndex<string>()
        const expected = new Set<string>()
        const check = (from: string, end: string | undefined) =>
          expect(index.between(from, end).map(history => history.key)).toEqual(
            [...expected].filter(each => each >= from && (end === undefined || each < end)).sort(),
          )
        changes.forEach(({ isDrop, from, count }, at) => {
          for (let i = from; i < from + count; i++) {
            const name = `k${(i * 7919) % 4001}`
            const known = index.get(name)
            if (isDrop && known) {
              index.drop(known)
              expected.delete(name)
            } else if (!isDrop && !known) {
              index.add({ key: name, subject: 0, newest: undefined })
              expected.add(name)
            }
          }
          if (looks[at]) check(`k${from}`, `k${from + count}`)
        })
        check('', undefined)
      },
    ),
    { seed: 5, numRuns: 60 },
  )
})

test('the watch index finds exactly the watchers whose range holds the key, oldest first', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const watched = fc.oneof(
    fc.record({ key: name }),
    fc.record({ key: name, rangeEnd: fc.oneof(name, fc.constant('\0')) }),
  )
  const change = fc.record({ range: watched, removes: fc.option(fc.nat(20)) })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), changes => {
      const index = new WatchIndex<{ range: KeyRange; id: number }>()
      const all: { range: KeyRange; id: number }[] = []
      changes.forEach(({ range: each, removes }, id) => {
        if (removes !== null && all.length > 0) {
          index.remove(all.splice(removes % all.length, 1)[0]!)
        } else {
          all.push({ range: each, id })
          index.add(all[all.length - 1]!)
        }
        for (const probe of ['a', 'b', 'bb', 'c', 'f', 'g']) {
          const holders = all.filter(watcher => isWithin(probe, watcher.range))
          const rangesFirst = [
            ...holders.filter(w => w.range.rangeEnd),
            ...holders.filter(w => !w.range.rangeEnd),
          ]
          expect(index.of(probe)).toEqual(rangesFirst)
        }
      })
    }),
    { seed: 3, numRuns: 300 },
  )
})
