/** What a pod's life costs in events, requests and reads: numbers that are the same on every machine. */
import { describe, expect, test } from 'vitest'
import { type BenchOptions, measure } from '../../src/cli/bench/measure.ts'

const SIZES: readonly Partial<BenchOptions>[] = [
  { nodes: 3, pods: 500, deployments: 5, maxPods: 200 },
  { nodes: 100, pods: 1000, deployments: 10 },
  { nodes: 20, pods: 1000, deployments: 1, hasService: true },
]

describe('a pod, from its Deployment to its removal', () => {
  test.each(SIZES)('costs little: %j', size => {
    const { counters } = measure({
      nodes: 3,
      pods: 500,
      deployments: 5,
      hasService: false,
      maxPods: 110,
      seed: 1,
      ...size,
    })
    expect(counters.loopEvents).toBeLessThanOrEqual(130)
    expect(counters.apiRequests).toBeLessThanOrEqual(20)
    expect(counters.replicaSetReconciles).toBeLessThanOrEqual(3)
    expect(counters.objectsRead).toBeLessThanOrEqual(20)
    expect(counters.conflicts).toBeLessThanOrEqual(0.1)
  })
})
