/** The data model's edges and refusals, in tables. */
import { describe, expect, test } from 'vitest'
import { ETCD_ERRORS } from './errors.ts'
import { prefixEnd } from './key-range.ts'
import { MvccStore } from './mvcc-store.ts'
import type { Op, RangeRequest, TxnRequest } from './types.ts'

const put = (key: string, value = 'v'): Op<string> => ({ type: 'put', key, value })
const remove = (key: string, rangeEnd?: string): Op<string> => ({ type: 'deleteRange', key, rangeEnd })
const nest = (success: readonly Op<string>[], failure: readonly Op<string>[] = []): Op<string> => ({
  type: 'txn',
  compare: [],
  success,
  failure,
})
const txn = (...success: Op<string>[]): TxnRequest<string> => ({ compare: [], success, failure: [] })

/** Keys a, b, c at revisions 2, 3, 4; b again at 5; c deleted at 6. */
function fixture(): MvccStore<string> {
  const store = new MvccStore<string>()
  store.put({ key: 'a', value: 'z' })
  store.put({ key: 'b', value: 'y' })
  store.put({ key: 'c', value: 'x' })
  store.put({ key: 'b', value: 'w' })
  store.deleteRange({ key: 'c' })
  return store
}

describe('prefixEnd', () => {
  test.each([
    ['/registry/pods/', '/registry/pods0'],
    ['a', 'b'],
    ['a\uffff', 'b'],
    ['\uffff', '\0'],
    ['', '\0'],
  ])('of %j is %j', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end)
  })
})

describe('range', () => {
  const everything = { key: '\0', rangeEnd: '\0' }
  test.each<[string, RangeRequest, string[], { more?: boolean; count?: number }]>([
    ['one key', { key: 'a' }, ['a@2'], { count: 1 }],
    ['a missing key', { key: 'q' }, [], { count: 0 }],
    ['everything', everything, ['a@2', 'b@5'], { count: 2 }],
    ['from a key to the end', { key: 'b', rangeEnd: '\0' }, ['b@5'], {}],
    ['an empty rangeEnd means one key', { key: 'a', rangeEnd: '' }, ['a@2'], {}],
    ['a reversed range is empty', { key: 'c', rangeEnd: 'a' }, [], { count: 0 }],
    ['the past', { ...everything, revision: 4 }, ['a@2', 'b@3', 'c@4'], { count: 3 }],
    ['a limit', { ...everything, limit: 1 }, ['a@2'], { more: true, count: 2 }],
    ['a limit that fits', { ...everything, limit: 2 }, ['a@2', 'b@5'], { more: false }],
    ['countOnly', { ...everything, countOnly: true }, [], { count: 2, more: false }],
    ['descending keys', { ...everything, sortOrder: 'descend' }, ['b@5', 'a@2'], {}],
    ['a target alone sorts upwards', { ...everything, sortTarget: 'value' }, ['b@5', 'a@2'], {}],
    [
      'by version, downwards',
      { ...everything, sortTarget: 'version', sortOrder: 'descend' },
      ['b@5', 'a@2'],
      {},
    ],
    ['by creation', { ...everything, sortTarget: 'create' }, ['a@2', 'b@5'], {}],
    ['sorted, then limited', { ...everything, sortTarget: 'value', limit: 1 }, ['b@5'], { more: true }],
    ['filters leave the count', { ...everything, minModRevision: 3 }, ['b@5'], { count: 2, more: false }],
    ['maxModRevision is included', { ...everything, maxModRevision: 2 }, ['a@2'], {}],
    ['creation bounds', { ...everything, minCreateRevision: 3, maxCreateRevision: 3 }, ['b@5'], {}],
  ])('%s', (_, request, pairs, rest) => {
    const result = fixture().range(request)
    expect(result).toMatchObject({ ok: true, response: { revision: 6, ...rest } })
    expect(result.ok && result.response.kvs.map(kv => `${kv.key}@${kv.modRevision}`)).toEqual(pairs)
  })

  test('keysOnly leaves the values out and the store untouched', () => {
    const store = fixture()
    const result = store.range({ key: 'a', keysOnly: true })
    expect(result.ok && result.response.kvs[0]).toMatchObject({ key: 'a', value: undefined, modRevision: 2 })
    expect(store.get('a')?.value).toBe('z')
  })
})

describe('refusals', () => {
  test.each<[string, TxnRequest<string>, keyof typeof ETCD_ERRORS]>([
    ['a put without a key', txn(put('')), 'emptyKey'],
    ['a range without a key', txn({ type: 'range', key: '' }), 'emptyKey'],
    [
      'a comparison without a key',
      { ...txn(), compare: [{ key: '', target: 'mod', result: '=', operand: 0 }] },
      'emptyKey',
    ],
    ['a fault in the branch not taken', { ...txn(), failure: [put('')] }, 'emptyKey'],
    ['129 operations', txn(...Array.from({ length: 129 }, (_, i) => put(`k${i}`))), 'tooManyOps'],
    [
      '128 operations with more nested',
      txn(nest([put('n')]), ...Array.from({ length: 127 }, (_, i) => put(`k${i}`))),
      'tooManyOps',
    ],
    ['a key put twice', txn(put('a'), put('a')), 'duplicateKey'],
    ['a key put and deleted', txn(put('a'), remove('a')), 'duplicateKey'],
    ['a put inside a deleted range', txn(remove('a', 'c'), put('b')), 'duplicateKey'],
    ['a key put here and in a nested branch', txn(nest([put('a')]), put('a')), 'duplicateKey'],
    ['a nested deletion of a key put here', txn(nest([remove('a', '\0')]), put('b')), 'duplicateKey'],
    ['a key put in two nested transactions', txn(nest([put('a')]), nest([], [put('a')])), 'duplicateKey'],
    ['an unknown lease', txn({ type: 'put', key: 'a', value: 'v', lease: 99 }), 'leaseNotFound'],
    [
      'ignoreValue with a value',
      txn({ type: 'put', key: 'a', value: 'v', ignoreValue: true }),
      'valueProvided',
    ],
    [
      'ignoreLease with a lease',
      txn({ type: 'put', key: 'a', value: 'v', lease: 1, ignoreLease: true }),
      'leaseProvided',
    ],
    ['ignoreValue of a missing key', txn({ type: 'put', key: 'c', ignoreValue: true }), 'keyNotFound'],
    ['reading the future', txn({ type: 'range', key: 'a', revision: 7 }), 'futureRevision'],
    ['reading what is compacted', txn(put('n'), { type: 'range', key: 'a', revision: 3 }), 'compacted'],
  ])('%s', (_, request, error) => {
    const store = fixture()
    store.compact(4)
    expect(store.txn(request)).toEqual({ ok: false, error: ETCD_ERRORS[error] })
    expect(store.revision).toBe(6)
  })

  test.each<[string, TxnRequest<string>]>([
    ['128 operations', txn(...Array.from({ length: 128 }, (_, i) => put(`k${i}`)))],
    ['a key put in both branches of a nested transaction', txn(nest([put('n')], [put('n')]))],
    ['overlapping deletions', txn(remove('a', 'c'), remove('a'))],
    ['ignoreLease of a key that exists', txn({ type: 'put', key: 'a', value: 'v', ignoreLease: true })],
  ])('but not %s', (_, request) => {
    expect(fixture().txn(request).ok).toBe(true)
  })

  test('of compaction, in its words', () => {
    const store = fixture()
    expect(store.compact(7)).toMatchObject({
      error: { message: 'etcdserver: mvcc: required revision is a future revision', code: 'OutOfRange' },
    })
    expect(store.compact(5).ok).toBe(true)
    for (const answer of [store.compact(5), store.range({ key: 'a', revision: 4 })]) {
      expect(answer).toMatchObject({
        error: { message: 'etcdserver: mvcc: required revision has been compacted', code: 'OutOfRange' },
      })
    }
    expect(store.range({ key: 'a', revision: 5 }).ok).toBe(true)
    expect(store.watch({ key: 'a' }, { startRevision: 4 }, () => {})).toEqual({
      ok: false,
      error: ETCD_ERRORS.compacted,
    })
  })
})

describe('a transaction', () => {
  test('gives all its changes one revision, and none when nothing changes', () => {
    const store = fixture()
    expect(store.txn(txn(put('m'), put('n'), remove('a')))).toMatchObject({ response: { revision: 7 } })
    expect([store.get('m')?.modRevision, store.get('n')?.modRevision, store.get('a')]).toEqual([
      7,
      7,
      undefined,
    ])
    expect(store.deleteRange({ key: 'nobody' })).toMatchObject({ response: { deleted: 0, revision: 7 } })
  })

  test('reads its own writes', () => {
    const result = fixture().txn(txn(put('n', 'new'), { type: 'range', key: 'n' }))
    expect(result).toMatchObject({ response: { responses: [{}, { kvs: [{ value: 'new' }], revision: 7 }] } })
  })

  test('compares nested conditions with the state before it', () => {
    const nested: Op<string> = {
      type: 'txn',
      compare: [{ key: 'n', target: 'version', result: '=', operand: 0 }],
      success: [{ type: 'range', key: 'n' }],
      failure: [],
    }
    expect(fixture().txn(txn(put('n'), nested))).toMatchObject({
      response: { responses: [{}, { succeeded: true, responses: [{ count: 1 }] }] },
    })
  })

  test.each([
    ['a missing key has all zeros', { key: 'q', target: 'mod', result: '=', operand: 0 }, true],
    ['a deleted key has all zeros', { key: 'c', target: 'create', result: '=', operand: 0 }, true],
    ['a missing value equals nothing', { key: 'q', target: 'value', result: '!=', operand: 'v' }, false],
    ['values compare', { key: 'b', target: 'value', result: '=', operand: 'w' }, true],
    ['versions count puts', { key: 'b', target: 'version', result: '=', operand: 2 }, true],
    [
      'a range holds when every key does',
      { key: 'a', rangeEnd: 'z', target: 'mod', result: '>', operand: 1 },
      true,
    ],
    [
      'a range fails with one key',
      { key: 'a', rangeEnd: 'z', target: 'mod', result: '>', operand: 2 },
      false,
    ],
    [
      'an empty range is one missing key',
      { key: 'x', rangeEnd: 'z', target: 'mod', result: '=', operand: 0 },
      true,
    ],
  ] as const)('%s', (_, compare, succeeded) => {
    expect(fixture().txn({ compare: [compare], success: [], failure: [] })).toMatchObject({
      response: { succeeded },
    })
  })
})

describe('compaction', () => {
  test('frees superseded versions and deleted keys', () => {
    const store = new MvccStore<string>()
    for (let i = 0; i < 1000; i++) store.put({ key: `k${i % 10}`, value: 'v' })
    store.deleteRange({ key: 'k0' })
    store.put({ key: 'last', value: 'v' })
    expect([store.keyCount, store.logLength]).toEqual([11, 1002])
    store.compact(store.revision)
    expect([store.keyCount, store.logLength, store.snapshot().versions.length]).toEqual([10, 1, 10])
  })

  test('leaves a key alone that was deleted at the compacted revision and came back', () => {
    const store = new MvccStore<string>()
    store.put({ key: 'a', value: 'old' })
    store.deleteRange({ key: 'a' })
    store.compact(3)
    store.put({ key: 'a', value: 'new' })
    store.compact(4)
    expect(store.get('a')).toMatchObject({ value: 'new', createRevision: 4, version: 1 })
  })

  test('keeps the changes of its own revision for a watch, without the pairs before', () => {
    const store = fixture()
    store.compact(6)
    const events: unknown[] = []
    store.watch({ key: 'c' }, { startRevision: 6, prevKv: true }, ({ type, prevKv }) =>
      events.push([type, prevKv]),
    )
    expect(events).toEqual([['DELETE', undefined]])
  })
})

test('seal is given each value once, with the revision it is stored at', () => {
  const sealed: unknown[] = []
  const seal = (value: string, revision: number) => {
    sealed.push([value, revision])
    return `${value}@${revision}`
  }
  const store = new MvccStore<string>({ seal })
  store.txn(txn(put('a', 'x'), put('b', 'y')))
  expect(sealed).toEqual([
    ['x', 2],
    ['y', 2],
  ])
  expect(store.get('b')?.value).toBe('y@2')
})

test('revoking a lease deletes its keys at one revision, and a key follows its latest lease', () => {
  const store = new MvccStore<string>()
  store.leaseGrant(1, 10, 0)
  store.leaseGrant(2, 10, 0)
  for (const key of ['c', 'a', 'b', 'moved', 'freed']) store.put({ key, value: 'v', lease: 1 })
  store.put({ key: 'moved', value: 'v', lease: 2 })
  store.put({ key: 'freed', value: 'v' })
  const events: string[] = []
  store.watch({ key: '\0', rangeEnd: '\0' }, {}, ({ kv }) => events.push(`${kv.key}@${kv.modRevision}`))
  store.leaseRevoke(1)
  expect(events).toEqual(['a@9', 'b@9', 'c@9'])
  expect(store.leaseRevoke(1)).toEqual({ ok: false, error: ETCD_ERRORS.leaseNotFound })
})

test.each([
  [0, 2],
  [1, 2],
  [3600, 3600],
  [9_000_000_000, 9_000_000_000],
])('a lease of %d s is granted %d s', (asked, granted) => {
  expect(new MvccStore<string>().leaseGrant(1, asked, 0)).toMatchObject({ response: { ttlSeconds: granted } })
})

test('a lease longer than etcd allows is refused', () => {
  const result = new MvccStore<string>().leaseGrant(1, 9_000_000_001, 0)
  expect(result).toEqual({ ok: false, error: ETCD_ERRORS.leaseTtlTooLarge })
})
