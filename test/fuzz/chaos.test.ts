import { describe, expect, test } from 'vitest'
import { Chaos } from './chaos.ts'

/** More with `FUZZ_SEEDS=100 npm run fuzz`. */
const SEEDS = Number(process.env.FUZZ_SEEDS ?? 6)
const STEPS = 25

describe('whatever happens', () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
    'the invariants hold, and once healed the cluster converges (seed %i)',
    seed => {
      const chaos = new Chaos(seed)
      for (let i = 0; i < STEPS; i++) {
        chaos.step()
        expect(chaos.violations(), `seed ${seed} after\n${chaos.log.join('\n')}`).toEqual([])
      }
      chaos.heal()
      const hasConverged = chaos.cluster.runUntil(() => chaos.hasConverged(), { within: '30m' })
      const state = hasConverged ? '' : chaos.cluster.kubectl('get nodes,deployments,pods -o wide').stdout
      expect(hasConverged, `seed ${seed} after\n${chaos.log.join('\n')}\n${state}`).toBe(true)
    },
  )
})
