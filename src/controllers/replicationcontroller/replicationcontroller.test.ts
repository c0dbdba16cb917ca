import { expect, test } from 'vitest'
import { type Pod, Pods, type ReplicationController, ReplicationControllers } from '../../api/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { replicationController } from './index.ts'

const LABELS = { app: 'web' }

function worldWith(replicas: number): World {
  const world = new World()
  world.put<ReplicationController>(ReplicationControllers, {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'web' },
    spec: { replicas, selector: LABELS, template: podTemplate(LABELS) },
    status: { replicas: 0 },
  })
  return world
}

const stored = (world: World) => world.get(ReplicationControllers, 'default', 'web')!

test('makes its pods, counts them and keeps its selector a map', () => {
  const world = worldWith(2)
  world.settle(replicationController)
  for (const pod of world.all(Pods)) {
    expect(pod.metadata.ownerReferences).toMatchObject([{ apiVersion: 'v1', kind: 'ReplicationController' }])
    world.ready(pod)
  }
  world.settle(replicationController)
  expect(stored(world)).toMatchObject({
    spec: { selector: LABELS },
    status: { replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
  })
  expect(world.events).toHaveLength(2)
  world.change(ReplicationControllers, stored(world), { spec: { ...stored(world).spec, replicas: 0 } })
  world.settle(replicationController)
  expect(world.all(Pods).every(({ metadata }) => metadata.deletionTimestamp)).toBe(true)
})

test('adopts an orphan that it selects, and is told of it', () => {
  const world = worldWith(1)
  const orphan = world.put<Pod>(Pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'stray', labels: LABELS },
    spec: { containers: [] },
    status: { phase: 'Running' },
  })
  const [watch] = replicationController.watches
  expect(watch!.keys(orphan, undefined, 'ADDED', world)).toEqual(['default/web'])
  world.settle(replicationController)
  expect(world.all(Pods).map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).toEqual(['web'])
})
