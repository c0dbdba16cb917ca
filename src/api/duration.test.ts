import { describe, expect, test } from 'vitest'
import { age, formatDuration, humanDuration, parseDuration, shortHumanDuration } from './duration.ts'

const [s, m, h, d, y] = [1000, 60_000, 3_600_000, 86_400_000, 365 * 86_400_000]

test.each([
  [-2 * s, '<invalid>'],
  [-1 * s, '0s'],
  [0, '0s'],
  [999, '0s'],
  [119 * s, '119s'],
  [2 * m, '2m'],
  [2 * m + 5 * s, '2m5s'],
  [10 * m + 5 * s, '10m'],
  [179 * m, '179m'],
  [3 * h, '3h'],
  [3 * h + 12 * m, '3h12m'],
  [8 * h + 12 * m, '8h'],
  [47 * h, '47h'],
  [2 * d, '2d'],
  [2 * d + 3 * h, '2d3h'],
  [8 * d + 3 * h, '8d'],
  [729 * d, '729d'],
  [2 * y, '2y'],
  [2 * y + 34 * d, '2y34d'],
  [8 * y + 34 * d, '8y'],
])('kubectl shows an age of %i ms as %s', (span, text) => {
  expect(humanDuration(span)).toBe(text)
})

test('short ages have one figure', () => {
  expect([59 * s, 90 * s, 90 * m, 36 * h, 400 * d, -5 * s].map(shortHumanDuration)).toEqual([
    '59s',
    '1m',
    '1h',
    '1d',
    '1y',
    '<invalid>',
  ])
})

test('an age is counted from a timestamp', () => {
  const now = Date.parse('2026-01-01T00:01:30Z')
  expect(age('2026-01-01T00:00:00Z', now)).toBe('90s')
  expect(age(undefined, now)).toBe('<unknown>')
})

describe('durations in Go notation', () => {
  test.each([
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['300ms', 300],
    ['-2m', -120_000],
    ['0', 0],
    ['1us', 0.001],
  ])('%s is %d ms', (text, span) => {
    expect(parseDuration(text)).toBe(span)
  })

  test.each([
    ['', 'time: invalid duration ""'],
    ['x', 'time: invalid duration "x"'],
    ['30', 'time: missing unit in duration "30"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1s x', 'time: unknown unit "s x" in duration "1s x"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseDuration(text)).toThrow(message)
  })

  test.each([
    [0, '0s'],
    [300, '300ms'],
    [1500, '1.5s'],
    [10_000, '10s'],
    [300_000, '5m0s'],
    [3_600_000, '1h0m0s'],
    [5_425_250, '1h30m25.25s'],
    [-1000, '-1s'],
  ])('%d ms is written %s', (span, text) => {
    expect(formatDuration(span)).toBe(text)
  })
})
