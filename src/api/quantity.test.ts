import { describe, expect, test } from 'vitest'
import {
  addQuantities,
  bytes,
  canonicalQuantity,
  compareQuantities,
  formatBytes,
  formatMilliCpu,
  formatQuantity,
  isQuantity,
  milliCpu,
  parseQuantity,
  subtractQuantities,
} from './quantity.ts'

describe('a quantity is printed as Go prints it', () => {
  test.each([
    ['0', '0'],
    ['100m', '100m'],
    ['0.1', '100m'],
    ['0.5', '500m'],
    ['1', '1'],
    ['1.5', '1500m'],
    ['2.50', '2500m'],
    ['1000m', '1'],
    ['1500', '1500'],
    ['1000', '1k'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1500e3', '1500e3'],
    ['12e-1', '1200e-3'],
    ['1E', '1E'],
    ['1Gi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['0.5Ki', '512'],
    ['1024', '1024'],
    ['1023Ki', '1023Ki'],
    ['0.1Gi', '107374182400m'],
    ['128974848', '128974848'],
    ['129e6', '129e6'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-1.5', '-1500m'],
    ['+3', '3'],
    ['.5', '500m'],
    ['1.', '1'],
    ['9999999999999999999', '9223372036854775807'],
    ['64Mi', '64Mi'],
    ['1000Ki', '1000Ki'],
  ])('%s as %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical)
  })

  test('and what is printed reads as the same amount', () => {
    for (const text of ['1.5Gi', '12e-1', '3.7', '0.1Gi', '-4Ki', '7P']) {
      expect(compareQuantities(text, canonicalQuantity(text))).toBe(0)
    }
  })

  test('numbers in a manifest are quantities too', () => {
    expect(canonicalQuantity(2)).toBe('2')
    expect(canonicalQuantity(0.25)).toBe('250m')
  })
})

describe('text that is no quantity is refused in upstream words', () => {
  test.each([
    ['', 'quantities must match the regular expression'],
    ['abc', 'quantities must match the regular expression'],
    ['1 Gi', 'quantities must match the regular expression'],
    ['1.2.3', 'unable to parse numeric part of quantity'],
    ['1Gim', "unable to parse quantity's suffix"],
    ['1e', "unable to parse quantity's suffix"],
  ])('%j', (text, message) => {
    expect(() => parseQuantity(text)).toThrow(message)
  })
})

test('CPU counts in thousandths, rounded up', () => {
  expect(['100m', '0.5', '2', 1, '1n', undefined].map(milliCpu)).toEqual([100, 500, 2000, 1000, 1, 0])
})

test('memory counts in bytes, rounded up', () => {
  expect(['1Gi', '1k', '500m', 3, undefined].map(bytes)).toEqual([2 ** 30, 1000, 1, 3, 0])
})

test('amounts are compared and summed exactly', () => {
  expect(compareQuantities('1Gi', '1G')).toBe(1)
  expect(compareQuantities('999m', 1)).toBe(-1)
  const sum = addQuantities(parseQuantity('0'), addQuantities(parseQuantity('512Mi'), parseQuantity('0.5Gi')))
  expect(formatQuantity(sum)).toBe('1Gi')
  expect(formatQuantity(subtractQuantities(sum, parseQuantity('1Mi')))).toBe('1023Mi')
})

test('plain numbers are printed as kubectl prints resources', () => {
  expect([0, 100, 1000, 1500].map(formatMilliCpu)).toEqual(['0', '100m', '1', '1500m'])
  expect([0, 1024, 2 ** 30, 1000].map(formatBytes)).toEqual(['0', '1Ki', '1Gi', '1k'])
})

test('a text is asked whether it is a quantity', () => {
  expect(['1Gi', '0.5', 'lots', ''].map(isQuantity)).toEqual([true, true, false, false])
})
