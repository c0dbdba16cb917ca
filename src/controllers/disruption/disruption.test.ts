import { describe, expect, test } from 'vitest'
import {
  Deployments,
  type Pod,
  type PodDisruptionBudget,
  PodDisruptionBudgets,
  Pods,
  ReplicaSets,
} from '../../api/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { disruptionController } from './index.ts'

const LABELS = { app: 'web' }

function worldWith(spec: object, pods: number, replicas = pods): World {
  const world = new World()
  const workload = { replicas, selector: { matchLabels: LABELS }, template: podTemplate(LABELS) }
  const deployment = world.put(Deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: workload,
    status: {},
  })
  const own = (
    apiVersion: string,
    kind: string,
    { metadata }: { metadata: { name: string; uid: string } },
  ) => [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }]
  const set = world.put(ReplicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-1', ownerReferences: own('apps/v1', 'Deployment', deployment) },
    spec: { ...workload, replicas: 1 },
    status: { replicas: 1 },
  })
  for (let i = 0; i < pods; i++) {
    world.ready(
      world.put<Pod>(Pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `web-${i}`, labels: LABELS, ownerReferences: own('apps/v1', 'ReplicaSet', set) },
        spec: { containers: [] },
        status: { phase: 'Pending' },
      }),
    )
  }
  world.put<PodDisruptionBudget>(PodDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: LABELS }, ...spec },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  })
  return world
}

function statusOf(world: World) {
  world.reconcile(disruptionController, 'default/web')
  return world.get(PodDisruptionBudgets, 'default', 'web')!.status
}

describe('what may be disrupted', () => {
  test.each([
    [{ minAvailable: 2 }, 3, 3, { expectedPods: 3, desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ minAvailable: '50%' }, 3, 5, { expectedPods: 5, desiredHealthy: 3, disruptionsAllowed: 0 }],
    [{ maxUnavailable: 1 }, 3, 3, { expectedPods: 3, desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ maxUnavailable: '30%' }, 4, 4, { expectedPods: 4, desiredHealthy: 2, disruptionsAllowed: 2 }],
    [{ minAvailable: 0 }, 0, 0, { expectedPods: 0, desiredHealthy: 0, disruptionsAllowed: 0 }],
  ])('%j of %i pods, %i wanted', (spec, pods, replicas, expected) => {
    const world = worldWith(spec, pods, replicas)
    expect(statusOf(world)).toMatchObject({ ...expected, currentHealthy: pods, observedGeneration: 1 })
    const status = expected.disruptionsAllowed > 0 ? 'True' : 'False'
    expect(statusOf(world).conditions).toMatchObject([{ type: 'DisruptionAllowed', status }])
  })

  test('does not count a pod that was evicted and is not gone yet, for two minutes', () => {
    const world = worldWith({ minAvailable: 1 }, 2)
    const before = statusOf(world)
    const budget = world.get(PodDisruptionBudgets, 'default', 'web')!
    world.change(PodDisruptionBudgets, budget, {
      status: { ...before, disruptedPods: { 'web-0': world.timestamp } },
    })
    expect(statusOf(world)).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 0 })
    world.nowMs += 121_000
    expect(statusOf(world)).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 })
    expect(statusOf(world).disruptedPods).toBeUndefined()
  })

  test('writes nothing twice', () => {
    const world = worldWith({ minAvailable: 1 }, 2)
    statusOf(world)
    statusOf(world)
    expect(world.writes).toHaveLength(1)
  })

  test('fails on a pod whose controller has no scale', () => {
    const world = worldWith({ maxUnavailable: 1 }, 0)
    world.put<Pod>(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'd',
        labels: LABELS,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'd', controller: true },
        ],
      },
      spec: { containers: [] },
      status: { phase: 'Running' },
    })
    expect(statusOf(world).conditions).toMatchObject([
      {
        status: 'False',
        reason: 'SyncFailed',
        message: 'daemonsets.apps does not implement the scale subresource',
      },
    ])
    expect(world.events[0]).toContain('CalculateExpectedPodCountFailed')
  })
})
