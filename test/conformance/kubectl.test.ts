/**
 * The real kubectl against a served cluster. `npm test` runs the fast sets with the newest kubectl; `npm run
 * conformance` runs everything with every version found.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CASE_SETS } from './cases/index.ts'
import { type Case, findKubectls, minorOf, NO_KUBECTL, type Outcome, Served, wrongWith } from './harness.ts'

const isWhole = process.env.MODE === 'conformance'
const found = findKubectls()
const kubectls = isWhole ? found : found.slice(-1)
const sets = CASE_SETS.filter(({ isFast }) => isWhole || isFast)

test('a kubectl is installed', () => {
  expect(found.length, NO_KUBECTL).toBeGreaterThan(0)
})

test('there are at least 120 cases, no two of one set with the same name', () => {
  expect(CASE_SETS.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(120)
  for (const { name, cases } of CASE_SETS) {
    expect(new Set(cases.map(one => one.name)).size, name).toBe(cases.length)
  }
})

describe.runIf(found.length > 0)('served', () => {
  let served: Served
  beforeAll(async () => {
    served = await Served.start()
  }, 120_000)
  afterAll(async () => {
    expect(await served?.stop()).toBe(0)
  }, 60_000)

  describe.each(kubectls.map(one => [one.version, one] as const))('kubectl %s', (_, kubectl) => {
    describe.each(sets.map(set => [set.name, set] as const))('%s', (name, { cases }) => {
      let run: (line: string) => Promise<Outcome>
      beforeAll(async () => {
        run = await served.shell(kubectl, `${name}-${minorOf(kubectl.version)}`)
      }, 60_000)

      for (const one of cases) {
        if (one.since && minorOf(kubectl.version) < minorOf(one.since)) continue
        test(one.name, async () => {
          const wrong = await attempt(run, one)
          if (wrong) throw new Error(wrong)
        })
      }
    })
  })
})

async function attempt(run: (line: string) => Promise<Outcome>, one: Case): Promise<string | undefined> {
  const untilMs = performance.now() + (one.withinMs ?? 0)
  for (;;) {
    const wrong = wrongWith(one, await run(one.run))
    if (!wrong || performance.now() >= untilMs) return wrong
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
