import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LargeMap } from './large-map.ts'

const NAMES = Array.from(
  { length: 40_000 },
  (_, i) => `/registry/pods/default/web-${(i * 7919).toString(36)}`,
)

function filled(): { large: LargeMap<number>; plain: Map<string, number> } {
  const large = new LargeMap<number>()
  const plain = new Map<string, number>()
  NAMES.forEach((name, i) => {
    large.set(name, i)
    plain.set(name, i)
  })
  return { large, plain }
}

test('what is in it is found, few or many', () => {
  const { large, plain } = filled()
  expect(large.size).toBe(40_000)
  for (const name of NAMES) expect(large.get(name)).toBe(plain.get(name))
  expect(large.get('nobody')).toBeUndefined()
  expect([...large.values()].sort((a, b) => a - b)).toEqual([...plain.values()])
})

test('does what a Map does, before it is in parts and after', () => {
  const name = fc.oneof(fc.constantFrom(...NAMES.slice(0, 50)), fc.string({ maxLength: 3 }))
  const step = fc.tuple(fc.constantFrom('set', 'delete'), name, fc.nat())
  const check = (large: LargeMap<number>, plain: Map<string, number>, steps: [string, string, number][]) => {
    for (const [what, key, value] of steps) {
      if (what === 'set') {
        large.set(key, value)
        plain.set(key, value)
      } else expect(large.delete(key)).toBe(plain.delete(key))
      expect(large.get(key)).toBe(plain.get(key))
      expect(large.size).toBe(plain.size)
    }
  }
  const many = filled()
  fc.assert(
    fc.property(fc.array(step), steps => {
      check(new LargeMap(), new Map(), steps)
      check(many.large, many.plain, steps)
    }),
  )
})

test('no part has much more than its share', () => {
  const { large } = filled()
  const order = [...large.values()]
  // Values come part by part, rising within each: a fall is the next part.
  const starts = order.flatMap((value, i) => (i === 0 || value < order[i - 1]! ? [i] : []))
  const sizes = starts.map((start, i) => (starts[i + 1] ?? order.length) - start)
  expect(sizes.length).toBeGreaterThan(48)
  expect(Math.max(...sizes)).toBeLessThan((40_000 / 64) * 3)
})
