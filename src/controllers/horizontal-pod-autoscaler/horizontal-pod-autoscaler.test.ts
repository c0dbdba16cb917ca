import { describe, expect, test } from 'vitest'
import type { HorizontalPodAutoscaler, Pod } from '../../api/index.ts'
import { EPOCH_MS, formatTime } from '../../sim/index.ts'
import { type Memory, normalise, rememberScaling } from './behavior.ts'
import { evaluate } from './evaluate.ts'
import { replicasFor } from './replica-calculator.ts'

const NOW_MS = EPOCH_MS + 3_600_000

function pod(name: string, more: { ready?: boolean; startedMs?: number; request?: string } = {}): Pod {
  const { ready = true, startedMs = EPOCH_MS, request = '100m' } = more
  const time = formatTime(startedMs)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: time, resourceVersion: '1' },
    spec: { containers: [{ name: 'c', ...(request && { resources: { requests: { cpu: request } } }) }] },
    status: {
      phase: 'Running',
      startTime: time,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: time }],
    },
  } as Pod
}

function ask(
  usage: Readonly<Record<string, number>>,
  pods: readonly Pod[],
  current = pods.length,
  percent = 50,
  timestampMs = NOW_MS,
) {
  const measurements = new Map(pods.map(({ metadata }) => [metadata.name, { timestampMs, windowMs: 15_000 }]))
  const question = { current, pods, usage: new Map(Object.entries(usage)), resource: 'cpu', measurements }
  return replicasFor({ ...question, container: undefined, target: { percent }, nowMs: NOW_MS })
}

describe('a metric', () => {
  const two = [pod('a'), pod('b')]

  test.each([
    ['twice the target', { a: 100, b: 100 }, 4],
    ['a tenth over it', { a: 55, b: 55 }, 2],
    ['a fifth over it', { a: 60, b: 60 }, 3],
    ['half of it', { a: 25, b: 25 }, 1],
    ['high where known: the other pod counts as idle', { a: 100 }, 2],
    ['low where known: the other pod counts as busy', { a: 10 }, 2],
  ])('of %s asks for', (_, usage, replicas) => {
    expect(ask(usage, two)).toMatchObject({ replicas })
  })

  test('of a young pod counts once it was measured for a whole window since it got ready', () => {
    const young = [pod('a'), pod('b', { startedMs: NOW_MS - 60_000 })]
    const since = NOW_MS - 60_000
    expect(ask({ a: 200, b: 0 }, young, 2, 50, since + 14_999)).toMatchObject({ average: 200 })
    expect(ask({ a: 200, b: 0 }, young, 2, 50, since + 15_000)).toMatchObject({ average: 100 })
  })

  test('counts pods that have just started as idle', () => {
    const young = pod('b', { ready: false, startedMs: NOW_MS - 60_000 })
    expect(ask({ a: 200, b: 500 }, [pod('a'), young])).toMatchObject({ replicas: 4, utilization: 200 })
  })

  test('cannot be told without requests, pods or measurements', () => {
    expect(ask({ a: 1 }, [pod('a', { request: '' })])).toEqual({
      error: 'missing request for cpu in container c of Pod a',
    })
    expect(ask({}, [])).toEqual({ error: 'no pods returned by selector while calculating replica count' })
  })

  test('that nobody serves is told of in the words of upstream', () => {
    const spec = {
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 50 } } }],
    }
    const found = evaluate({ spec } as never, { current: 2, pods: two, usages: [], nowMs: NOW_MS })
    expect(found).toMatchObject({
      error:
        'invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    })
  })
})

describe('the number of replicas', () => {
  const autoscaler = (behavior?: object) =>
    ({ spec: { minReplicas: 2, maxReplicas: 20, behavior } }) as unknown as HorizontalPodAutoscaler
  const memory = (): Memory => ({ recommendations: [], ups: [], downs: [] })

  test.each([
    [5, 30, 10, 'ScaleUpLimit'],
    [15, 30, 20, 'TooManyReplicas'],
    [1, 3, 3, 'DesiredWithinRange'],
    [5, 1, 2, 'TooFewReplicas'],
  ])('goes from %i towards %i as far as %i', (current, wanted, replicas, reason) => {
    const decided = normalise(autoscaler(), memory(), current, wanted, NOW_MS)
    expect(decided.replicas).toBe(replicas)
    expect(decided.conditions.at(-1)!.reason).toBe(reason)
  })

  test('goes down only after five minutes of lower recommendations', () => {
    const own = memory()
    normalise(autoscaler(), own, 8, 8, NOW_MS)
    const early = normalise(autoscaler(), own, 8, 3, NOW_MS + 299_000)
    expect(early).toMatchObject({ replicas: 8, conditions: [{ reason: 'ScaleDownStabilized' }, {}] })
    expect(normalise(autoscaler(), own, 8, 3, NOW_MS + 300_000).replicas).toBe(3)
  })

  test('keeps to the policies of its behaviour', () => {
    const behavior = {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 60 },
          { type: 'Percent', value: 10, periodSeconds: 60 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
      },
    }
    const own = memory()
    expect(normalise(autoscaler(behavior), own, 4, 20, NOW_MS).replicas).toBe(8)
    rememberScaling(own, 4, NOW_MS)
    expect(normalise(autoscaler(behavior), own, 8, 20, NOW_MS + 30_000).replicas).toBe(8)
    expect(normalise(autoscaler(behavior), own, 8, 20, NOW_MS + 60_000).replicas).toBe(12)
    const down = normalise(autoscaler(behavior), memory(), 12, 2, NOW_MS)
    expect(down).toMatchObject({ replicas: 6, conditions: [{}, { reason: 'ScaleDownLimit' }] })
    const never = { ...behavior, scaleDown: { ...behavior.scaleDown, selectPolicy: 'Disabled' } }
    expect(normalise(autoscaler(never), memory(), 12, 2, NOW_MS).replicas).toBe(12)
  })
})
