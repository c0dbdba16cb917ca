import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deepEqual } from '../deep-equal.ts'
import type { JsonRecord } from './json.ts'
import { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './json-merge-patch.ts'

/** The table of RFC 7386, appendix A. */
test.each<[unknown, unknown, unknown]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (document, patch, expected) => {
  expect(applyMergePatch(document, patch)).toEqual(expected)
})

const value: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.array(fc.integer()), tie('record')),
  record: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'constructor'), tie('value'), {
    noNullPrototype: true,
  }),
})).record
const records = value as fc.Arbitrary<JsonRecord>

test('the patch made of two documents leads from one to the other', () => {
  const holds = (a: JsonRecord, b: JsonRecord) => deepEqual(applyMergePatch(a, createMergePatch(a, b)), b)
  fc.assert(fc.property(records, records, holds), { seed: 1 })
})

describe('a three-way patch', () => {
  test('changes what the manifest says, removes what it no longer says, keeps the rest', () => {
    const patch = createThreeWayMergePatch(
      { a: 1, gone: 2, map: { x: 1 } },
      { a: 2, map: {} },
      { a: 1, gone: 2, map: { x: 1, theirs: 1 }, theirs: 3 },
    )
    expect(patch).toEqual({ a: 2, gone: null, map: { x: null } })
  })
})
