import { describe, expect, test } from 'vitest'
import { deepEqual, semanticEqual } from './deep-equal.ts'

describe('deepEqual', () => {
  test.each<[unknown, unknown, boolean]>([
    [1, 1, true],
    [1, '1', false],
    [null, undefined, false],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: undefined, b: 1 }, { a: 1, b: 1 }, false],
    [{}, { constructor: 'x' }, false],
    [[1, [2]], [1, [2]], true],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [{ a: [] }, {}, false],
  ])('%j and %j: %j', (a, b, equal) => {
    expect(deepEqual(a, b)).toBe(equal)
    expect(deepEqual(b, a)).toBe(equal)
  })
})

describe('semanticEqual', () => {
  test.each<[unknown, unknown, boolean]>([
    [{ a: [] }, {}, true],
    [{ a: null }, { a: {} }, true],
    [{ a: { b: [] } }, {}, false],
    [{ a: 0 }, {}, false],
    [[{}], [{}], true],
    [[1], [1, 2], false],
    [{}, { toString: 'x' }, false],
    ['a', 'a', true],
    ['a', { a: 1 }, false],
  ])('%j and %j: %j', (a, b, equal) => {
    expect(semanticEqual(a, b)).toBe(equal)
    expect(semanticEqual(b, a)).toBe(equal)
  })
})
