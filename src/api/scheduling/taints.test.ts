import { describe, expect, test } from 'vitest'
import { findUntolerated, tolerates } from './taints.ts'

const GPU = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }

describe('a toleration', () => {
  test.each([
    ['names the taint', { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }, true],
    ['says Equal', { key: 'dedicated', operator: 'Equal', value: 'gpu' }, true],
    ['has another value', { key: 'dedicated', value: 'cpu' }, false],
    ['has another effect', { key: 'dedicated', value: 'gpu', effect: 'NoExecute' }, false],
    ['has another key', { key: 'team', operator: 'Exists' }, false],
    ['says Exists', { key: 'dedicated', operator: 'Exists' }, true],
    ['says Exists of every key', { operator: 'Exists' }, true],
    ['has an operator nobody knows', { key: 'dedicated', operator: 'Near', value: 'gpu' }, false],
  ])('that %s', (_, toleration, isCovered) => expect(tolerates(toleration, GPU)).toBe(isCovered))

  test('without a value covers a taint without one', () => {
    expect(tolerates({ key: 'a' }, { key: 'a', effect: 'NoExecute' })).toBe(true)
  })
})

test('the first taint that nothing tolerates is found', () => {
  const other = { key: 'other', effect: 'NoExecute' }
  expect(findUntolerated([GPU, other], [{ key: 'dedicated', operator: 'Exists' }])).toBe(other)
  expect(findUntolerated([GPU], undefined)).toBe(GPU)
  expect(findUntolerated([GPU, other], [{ operator: 'Exists' }])).toBeUndefined()
})
