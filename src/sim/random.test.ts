/** Chance: the same for a seed and a name, and for nobody else. */
import { describe, expect, test } from 'vitest'
import { hash32 } from './random.ts'
import { Simulation } from './simulation.ts'

const draw = (sim: Simulation, name: string, count = 20) =>
  Array.from({ length: count }, () => sim.random(name).bits())

describe('named streams', () => {
  test('repeat for one seed and differ between seeds and names', () => {
    const first = draw(new Simulation({ seed: 7 }), 'scheduler')
    expect(draw(new Simulation({ seed: 7 }), 'scheduler')).toEqual(first)
    expect(draw(new Simulation({ seed: 8 }), 'scheduler')).not.toEqual(first)
    expect(draw(new Simulation({ seed: 7 }), 'kubelet')).not.toEqual(first)
  })

  test('are not shifted by others that come, go and draw between', () => {
    const alone = draw(new Simulation({ seed: 7 }), 'scheduler', 50)
    const sim = new Simulation({ seed: 7 })
    const mixed: number[] = []
    for (let i = 0; i < 50; i++) {
      draw(sim, `newcomer ${i % 3}`, i)
      mixed.push(sim.random('scheduler').bits())
    }
    expect(mixed).toEqual(alone)
  })

  test('of neighbouring seeds and similar names start far apart', () => {
    const starts = new Set<number>()
    for (let seed = 0; seed < 100; seed++) {
      for (let node = 0; node < 10; node++) starts.add(draw(new Simulation({ seed }), `node-${node}`, 1)[0]!)
    }
    expect(starts.size).toBe(1000)
  })
})

describe('the shapes of chance', () => {
  const random = new Simulation({ seed: 3 }).random('shapes')

  test('stay within their bounds and reach them', () => {
    const dice = Array.from({ length: 1000 }, () => random.between(1, 6))
    expect([...new Set(dice)].sort()).toEqual([1, 2, 3, 4, 5, 6])
    const floats = Array.from({ length: 1000 }, () => random.float())
    expect(floats.every(value => value >= 0 && value < 1)).toBe(true)
    expect(random.letters('bcdf', 50)).toMatch(/^[bcdf]{50}$/)
  })

  test('are about as likely as they say', () => {
    const heads = Array.from({ length: 10_000 }, () => random.chance(0.3)).filter(Boolean).length
    expect(heads).toBeGreaterThan(2_800)
    expect(heads).toBeLessThan(3_200)
    expect([random.chance(0), random.chance(1)]).toEqual([false, true])
  })
})

describe('hash32', () => {
  test('depends on the seed, every part and its place', () => {
    const inputs = [
      [1, 2, 3],
      [1, 3, 2],
      [2, 1, 3],
      [3, 2, 1],
      [2, 2, 3],
      [1, 2],
      [2, 1],
      [1, 2, 3, 0],
      [0, 0],
      [0, 0, 0],
    ] as const
    const hashes = inputs.map(([seed, ...parts]) => hash32(seed, ...parts))
    expect(new Set(hashes).size).toBe(inputs.length)
    expect(hash32(1, 2, 3)).toBe(hashes[0])
  })

  test('spreads a counter evenly', () => {
    const buckets = new Array<number>(16).fill(0)
    for (let i = 0; i < 16_000; i++) buckets[hash32(5, i) % 16]!++
    expect(Math.min(...buckets)).toBeGreaterThan(850)
    expect(Math.max(...buckets)).toBeLessThan(1_150)
  })
})
