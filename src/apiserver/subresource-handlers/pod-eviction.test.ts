import { describe, expect, test } from 'vitest'
import { KINDS, type Pod, type PodDisruptionBudget, PodDisruptionBudgets, Pods } from '../../api/index.ts'
import type { RequestOptions } from '../../client/index.ts'
import { pod, refusalOf, type World, worldWithAccount } from '../world.testing.ts'
import { handlerOf } from './index.ts'

const LABELS = { app: 'web' }

function evict(world: World, name: string, deleteOptions = {}, options: RequestOptions = {}) {
  const metadata = { name, namespace: 'default' }
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions }
  return world.ask('create', Pods, `default/${name}#eviction`, body, options)
}

/** A running pod, ready unless told otherwise. */
function running(world: World, name: string, ready = 'True'): Pod {
  const created = world.create<Pod>(
    Pods,
    pod(name, { metadata: { labels: LABELS }, spec: { nodeName: 'node-1' } }),
  )
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] }
  return world.must(world.ask('update', Pods, `default/${name}#status`, { ...created, status }))
}

function budget(world: World, name: string, status: object, spec: object = { minAvailable: 1 }) {
  const created = world.create<PodDisruptionBudget>(PodDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: LABELS }, ...spec },
  })
  const body = { ...created, status: { ...created.status, observedGeneration: 1, ...status } }
  world.must(world.ask('update', PodDisruptionBudgets, `default/${name}#status`, body))
}

test('every action without apply has a handler', () => {
  for (const kind of KINDS) {
    for (const [name, action] of Object.entries(kind.actions ?? {})) {
      if (!action.apply) expect(handlerOf(kind, name)).toBeTypeOf('function')
    }
  }
})

describe('an eviction', () => {
  test('deletes a pod that no budget guards, with the grace asked for', () => {
    const world = worldWithAccount()
    running(world, 'a')
    expect(evict(world, 'a', { gracePeriodSeconds: 3 })).toMatchObject({
      ok: true,
      code: 201,
      object: { kind: 'Status', status: 'Success' },
    })
    expect(world.must(world.ask('get', Pods, 'default/a'))).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 3 },
      status: {
        conditions: [{ type: 'Ready' }, { type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }],
      },
    })
  })

  test('spends one disruption', () => {
    const world = worldWithAccount()
    running(world, 'a')
    budget(world, 'b', { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 })
    expect(evict(world, 'a').ok).toBe(true)
    const { status } = world.must<PodDisruptionBudget>(world.ask('get', PodDisruptionBudgets, 'default/b'))
    expect(status.disruptionsAllowed).toBe(0)
    expect(Object.keys(status.disruptedPods ?? {})).toEqual(['a'])
  })

  test('is refused when there is none left', () => {
    const world = worldWithAccount()
    running(world, 'a')
    budget(world, 'b', { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 })
    const refused = evict(world, 'a')
    expect(refusalOf(refused)).toBe(
      "429 TooManyRequests: Cannot evict pod as it would violate the pod's disruption budget.",
    )
    expect(refused).toMatchObject({
      status: {
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget b needs 1 healthy pods and has 1 currently',
            },
          ],
        },
      },
    })
  })

  test('waits for the controller to have seen the budget', () => {
    const world = worldWithAccount()
    running(world, 'a')
    budget(world, 'b', { observedGeneration: 0, disruptionsAllowed: 1 })
    expect(evict(world, 'a')).toMatchObject({
      code: 429,
      status: {
        details: {
          retryAfterSeconds: 10,
          causes: [{ message: 'The disruption budget b is still being processed by the server.' }],
        },
      },
    })
  })

  test('knows no way with two budgets', () => {
    const world = worldWithAccount()
    running(world, 'a')
    budget(world, 'b', { disruptionsAllowed: 1 })
    budget(world, 'c', { disruptionsAllowed: 1 })
    expect(refusalOf(evict(world, 'a'))).toBe(
      '500 undefined: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  })

  test.each([
    ['IfHealthyBudget', { currentHealthy: 1, desiredHealthy: 1 }, true],
    ['IfHealthyBudget', { currentHealthy: 0, desiredHealthy: 1 }, false],
    ['AlwaysAllow', { currentHealthy: 0, desiredHealthy: 1 }, true],
  ])('takes an unhealthy pod under %s with %j: %s', (unhealthyPodEvictionPolicy, status, isTaken) => {
    const world = worldWithAccount()
    running(world, 'a', 'False')
    budget(world, 'b', status, { minAvailable: 1, unhealthyPodEvictionPolicy })
    expect(evict(world, 'a').ok).toBe(isTaken)
  })

  test('leaves everything as it is in a dry run', () => {
    const world = worldWithAccount()
    running(world, 'a')
    budget(world, 'b', { disruptionsAllowed: 1 })
    expect(evict(world, 'a', {}, { dryRun: true }).ok).toBe(true)
    expect(world.must<Pod>(world.ask('get', Pods, 'default/a')).metadata.deletionTimestamp).toBeUndefined()
    const { status } = world.must<PodDisruptionBudget>(world.ask('get', PodDisruptionBudgets, 'default/b'))
    expect(status.disruptionsAllowed).toBe(1)
  })

  test('names the pod it is sent to', () => {
    const world = worldWithAccount()
    running(world, 'a')
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'z' } }
    expect(refusalOf(world.ask('create', Pods, 'default/a#eviction', body))).toBe(
      '400 BadRequest: name in URL does not match name in Eviction object',
    )
  })
})
