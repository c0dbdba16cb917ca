/** The trace: what it remembers, whom it blames, and that its hash tells runs apart. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMITS } from './limits.ts'
import { type Sha256, sha256 } from './sha256.ts'
import { EPOCH_MS, Simulation } from './simulation.ts'

const nodeSha256: Sha256 = bytes => new Uint8Array(createHash('sha256').update(bytes).digest())

describe('the portable SHA-256', () => {
  test("equals Node's for every length around its block size", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255)
      expect(sha256(bytes)).toEqual(nodeSha256(bytes))
    }
  })

  test("equals Node's for arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000, size: 'max' }), bytes => {
        expect(sha256(bytes)).toEqual(nodeSha256(bytes))
      }),
      { seed: 1, numRuns: 50 },
    )
  })
})

/** A chain reaction with chance in it, long enough to fill more than two chunks when asked. */
function run(options: { seed: number; events?: number; sha256?: Sha256; peeks?: boolean }): Simulation {
  const sim = new Simulation({ seed: options.seed, sha256: options.sha256 })
  const label = sim.label('test/react')
  const random = sim.random('test')
  let left = options.events ?? 500
  const react = (): void => {
    if (--left < 0) return
    if (options.peeks && left % 50 === 0) sim.trace.digest()
    const subject = sim.subject(`thing-${random.below(40)}`)
    sim.root.schedule(random.below(5), label, react, undefined, subject)
  }
  react()
  sim.advance(1_000_000)
  return sim
}

describe('the digest', () => {
  test('is the same for the same seed, another for another', () => {
    const digest = run({ seed: 1 }).trace.digest()
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(run({ seed: 1 }).trace.digest()).toBe(digest)
    expect(run({ seed: 2 }).trace.digest()).not.toBe(digest)
  })

  test('does not depend on who computes SHA-256, nor on being asked for on the way', () => {
    const events = 70_000
    const digest = run({ seed: 1, events }).trace.digest()
    expect(run({ seed: 1, events, sha256: nodeSha256 }).trace.digest()).toBe(digest)
    expect(run({ seed: 1, events, sha256: nodeSha256, peeks: true }).trace.digest()).toBe(digest)
  })

  test.each<[string, (sim: Simulation) => void]>([
    ['a label', sim => sim.note(sim.label('other'), sim.subject('s'), 1, 0)],
    ['a subject', sim => sim.note(sim.label('l'), sim.subject('other'), 1, 0)],
    ['a detail', sim => sim.note(sim.label('l'), sim.subject('s'), 2, 0)],
    ['a record more', sim => [0, 0].map(() => sim.note(sim.label('l'), sim.subject('s'), 1, 0))],
    [
      'a time',
      sim => {
        sim.advance(1)
        sim.note(sim.label('l'), sim.subject('s'), 1, 0)
      },
    ],
  ])('changes with %s', (_, act) => {
    const plain = new Simulation({ seed: 1 })
    plain.note(plain.label('l'), plain.subject('s'), 1, 0)
    const other = new Simulation({ seed: 1 })
    act(other)
    expect(other.trace.digest()).not.toBe(plain.trace.digest())
  })
})

describe('causes', () => {
  test('lead from an effect back to the outside, over timers and because', () => {
    const sim = new Simulation({ seed: 1 })
    const [asked, retried, wrote] = ['asked', 'retried', 'wrote'].map(name => sim.label(name))
    let written = 0
    const request = sim.note(asked!, sim.subject('web'))
    sim.because(request, () =>
      sim.root.schedule(
        5,
        retried!,
        () => {
          written = sim.note(wrote!, sim.subject('web'), 42)
        },
        undefined,
      ),
    )
    expect(sim.cause).toBe(0)
    sim.advance(10)
    expect(sim.trace.chain(written).map(({ label, atMs }) => [label, atMs - EPOCH_MS])).toEqual([
      ['wrote', 5],
      ['retried', 5],
      ['asked', 0],
    ])
    expect(sim.trace.read(written)).toMatchObject({ subject: 'web', detail: 42 })
  })

  test('because gives the cause back even when its act throws', () => {
    const sim = new Simulation({ seed: 1 })
    const note = sim.note(sim.label('l'))
    const act = () =>
      sim.because(note, () => {
        throw new Error('on purpose')
      })
    expect(act).toThrow('on purpose')
    expect(sim.cause).toBe(0)
  })

  test('are followed no further than the limit', () => {
    const sim = new Simulation({ seed: 1 })
    let last = 0
    for (let i = 0; i < LIMITS.causalChain + 50; i++) last = sim.note(sim.label('l'), 0, i, last)
    expect(sim.trace.chain(last).length).toBe(LIMITS.causalChain)
  })

  test('findLast finds the newest record of a subject that is wanted', () => {
    const sim = new Simulation({ seed: 1 })
    const label = sim.label('l')
    for (let i = 0; i < 10; i++) sim.note(label, sim.subject(i % 2 === 0 ? 'even' : 'odd'), i)
    const find = (wanted: (detail: number) => boolean, from?: number) =>
      sim.trace.findLast(sim.subject('even'), record => wanted(record.detail), from)?.detail
    expect([
      find(() => true),
      find(detail => detail < 5),
      find(() => true, 5),
      find(detail => detail > 9),
    ]).toEqual([8, 4, 4, undefined])
  })

  test.each([0, -1, 99])('record %d was never written', id => {
    const sim = new Simulation({ seed: 1 })
    sim.note(sim.label('l'))
    expect(sim.trace.read(id)).toBe(undefined)
  })
})
