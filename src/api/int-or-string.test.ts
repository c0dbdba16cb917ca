import { expect, test } from 'vitest'
import { percentOf, scaledValue } from './int-or-string.ts'

test.each([
  [3, 10, 'up', 3],
  ['25%', 10, 'up', 3],
  ['25%', 10, 'down', 2],
  ['25%', 0, 'up', 0],
  ['100%', 7, 'down', 7],
  ['1%', 1, 'up', 1],
  ['1%', 1, 'down', 0],
] as const)('%s of %i rounded %s is %i', (value, total, rounding, expected) => {
  expect(scaledValue(value, total, rounding)).toBe(expected)
})

test('a string without a per cent sign counts nothing', () => {
  expect(() => scaledValue('25', 10, 'up')).toThrow('is a percentage')
  expect([percentOf('http'), percentOf(3), percentOf('30%')]).toEqual([undefined, undefined, 30])
})
