/**
 * Commands that the real kubectl 1.33 was given, with a server that had these objects, and what it printed:
 * recorded by `scripts/record-kubectl-cases.ts`, replayed here.
 */
import { expect, test } from 'vitest'
import { type KubeObject, Scheme } from '../api/index.ts'
import { EPOCH_MS, Simulation } from '../sim/index.ts'
import { FIXED_KINDS, FixedServer } from './fixed-server.testing.ts'
import { type KubectlResult, runKubectl } from './kubectl.ts'
import recorded from './recorded.cases.generated.json' with { type: 'json' }
import { shellWords } from './shell-words.ts'

function run(line: string, nowMs: number): string {
  const sim = new Simulation({ seed: 1 })
  sim.advance(nowMs - EPOCH_MS)
  const context = {
    sim,
    api: new FixedServer(sim, recorded.objects as unknown as KubeObject[]),
    scheme: new Scheme(FIXED_KINDS),
    namespace: 'default',
    readFile: () => undefined,
  }
  let result: KubectlResult | undefined
  sim.root.spawn(sim.label('kubectl'), runKubectl(context, shellWords(line)), value => {
    result = value
  })
  sim.advance(0)
  return result ? result.stdout + result.stderr : 'it does not end'
}

test.each(recorded.cases)('kubectl $line', ({ line, nowMs, printed }) => {
  expect(run(line, nowMs)).toBe(printed)
})
