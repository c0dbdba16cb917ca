import { v4 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { RandomStream } from '../sim/index.ts'
import { canonicalJson, generateName, newUid, randomSuffix, safeEncode, templateHash } from './names.ts'

const random = () => new RandomStream(1, 'names')

test('a generated name is the base and five safe characters', () => {
  expect(generateName('web-', random())).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
})

test('a long base is cut, so that the name fits 63 characters', () => {
  expect(generateName('a'.repeat(80), random())).toHaveLength(63)
})

test('one seed gives one sequence of names', () => {
  const [a, b] = [random(), random()]
  expect([randomSuffix(a), randomSuffix(a)]).toEqual([randomSuffix(b), randomSuffix(b)])
})

test('text is encoded as Go encodes it', () => {
  expect(safeEncode('0123456789')).toBe('456789bcdf')
})

describe('a template hash', () => {
  test('does not depend on the order of keys or on undefined ones', () => {
    expect(templateHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(
      templateHash({ b: [{ d: 3, c: 2 }], a: 1, e: undefined }),
    )
  })

  test('differs when the template does, or the collision count', () => {
    const hashes = [
      templateHash({ a: 1 }),
      templateHash({ a: 2 }),
      templateHash({ a: 1 }, 0),
      templateHash({ a: 1 }, 1),
    ]
    expect(new Set(hashes).size).toBe(4)
  })

  test('is written in safe characters', () => {
    expect(templateHash({ a: 1 })).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
  })
})

test('canonical JSON reads back as the value', () => {
  const value = { b: [null, true, 'x"'], a: { c: 1.5 } }
  expect(JSON.parse(canonicalJson(value))).toEqual(value)
})

test('a uid is the UUID of its sixteen random bytes', () => {
  const [a, b] = [random(), random()]
  for (let i = 0; i < 1000; i++) {
    const words = Uint32Array.from([b.bits(), b.bits(), b.bits(), b.bits()])
    expect(newUid(a)).toBe(v4({ random: new Uint8Array(words.buffer) }))
  }
})
