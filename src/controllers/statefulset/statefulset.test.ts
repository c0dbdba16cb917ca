import { describe, expect, test } from 'vitest'
import {
  ControllerRevisions,
  PersistentVolumeClaims,
  type Pod,
  Pods,
  type StatefulSet,
  StatefulSets,
  statuses,
} from '../../api/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { statefulSetController } from './index.ts'

type Spec = Partial<StatefulSet['spec']>

function create(world: World, spec: Spec = {}): StatefulSet {
  return world.put(StatefulSets, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: podTemplate({ app: 'db' }, 'db:v1'),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
    status: { replicas: 0, availableReplicas: 0 },
  })
}

const settle = (world: World) => world.settle(statefulSetController)
const set = (world: World) => world.get(StatefulSets, 'default', 'db')!
const change = (world: World, spec: Spec) =>
  world.change(StatefulSets, set(world), { spec: { ...set(world).spec, ...spec } })
const update = (world: World, image: string) => change(world, { template: podTemplate({ app: 'db' }, image) })
const pod = (world: World, name: string): Pod => world.get(Pods, 'default', name)!
const names = (world: World) => world.all(Pods).map(({ metadata }) => metadata.name)
const images = (world: World) =>
  Object.fromEntries(world.all(Pods).map(({ metadata, spec }) => [metadata.name, spec.containers[0]!.image]))
const deleting = (world: World) =>
  world
    .all(Pods)
    .filter(({ metadata }) => metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name)
const messages = (world: World) => world.events.map(event => event.split(' ').slice(2).join(' '))

/** Every new pod becomes ready and every deletion ends, until nothing changes. */
function converge(world: World): void {
  for (let round = 0; round < 50; round++) {
    const before = world.writes.length
    settle(world)
    world.reap()
    world.allReady()
    settle(world)
    if (world.writes.length === before) return
  }
}

describe('in order', () => {
  test('a pod is made when the one before it is ready (oracle/statefulset)', () => {
    const world = new World()
    create(world)
    settle(world)
    expect(names(world)).toEqual(['db-0'])
    expect(set(world).status).toMatchObject({ replicas: 1, currentReplicas: 1, updatedReplicas: 1 })
    world.ready(pod(world, 'db-0'))
    settle(world)
    expect(names(world)).toEqual(['db-0', 'db-1'])
    converge(world)
    const [revision] = world.all(ControllerRevisions)
    expect(set(world).status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: revision!.metadata.name,
      updateRevision: revision!.metadata.name,
      collisionCount: 0,
    })
    expect(messages(world)).toEqual(
      ['db-0', 'db-1', 'db-2'].map(name => `create Pod ${name} in StatefulSet db successful`),
    )
  })

  test('pods have stable names, a host name and their index', () => {
    const world = new World()
    create(world, { ordinals: { start: 5 }, replicas: 1 })
    settle(world)
    const [revision] = world.all(ControllerRevisions)
    const { metadata, spec } = pod(world, 'db-5')
    expect(metadata).toMatchObject({
      generateName: 'db-',
      labels: {
        app: 'db',
        'controller-revision-hash': revision!.metadata.name,
        'statefulset.kubernetes.io/pod-name': 'db-5',
        'apps.kubernetes.io/pod-index': '5',
      },
    })
    expect([spec.hostname, spec.subdomain]).toEqual(['db-5', 'db'])
  })

  test('scales down from the end, one at a time', () => {
    const world = new World()
    create(world)
    converge(world)
    change(world, { replicas: 1 })
    settle(world)
    expect(deleting(world)).toEqual(['db-2'])
    world.reap()
    settle(world)
    expect(deleting(world)).toEqual(['db-1'])
    world.reap()
    settle(world)
    expect(names(world)).toEqual(['db-0'])
    expect(messages(world).slice(3)).toEqual([
      'delete Pod db-2 in StatefulSet db successful',
      'delete Pod db-1 in StatefulSet db successful',
    ])
  })

  test('does not scale down while a pod before is unhealthy', () => {
    const world = new World()
    create(world)
    converge(world)
    world.notReady(pod(world, 'db-0'))
    change(world, { replicas: 1 })
    settle(world)
    expect(deleting(world)).toEqual([])
  })

  test('waits for a terminating pod before making another of its name', () => {
    const world = new World()
    create(world)
    converge(world)
    const before = pod(world, 'db-1')
    world.apply([{ do: 'delete', kind: Pods, object: before }])
    settle(world)
    expect(set(world).status).toMatchObject({ replicas: 3, currentReplicas: 2, updatedReplicas: 2 })
    world.reap()
    settle(world)
    expect(pod(world, 'db-1').metadata.uid).not.toBe(before.metadata.uid)
  })

  test('replaces a failed pod', () => {
    const world = new World()
    create(world, { replicas: 1 })
    converge(world)
    world.finish(pod(world, 'db-0'), 'Failed')
    settle(world)
    expect(pod(world, 'db-0').status.phase).toBe('Pending')
    expect(messages(world).slice(1)).toEqual([
      'delete Pod db-0 in StatefulSet db successful',
      'create Pod db-0 in StatefulSet db successful',
    ])
  })

  test('waits minReadySeconds between pods', () => {
    const world = new World()
    create(world, { replicas: 2, minReadySeconds: 10 })
    settle(world)
    world.ready(pod(world, 'db-0'))
    expect(world.reconcile(statefulSetController, 'default/db').requeueAfterMs).toBe(10_001)
    settle(world)
    expect(names(world)).toEqual(['db-0'])
    world.nowMs += 10_001
    settle(world)
    expect(names(world)).toEqual(['db-0', 'db-1'])
  })
})

test('Parallel makes and removes all at once', () => {
  const world = new World()
  create(world, { podManagementPolicy: 'Parallel' })
  settle(world)
  expect(names(world)).toEqual(['db-0', 'db-1', 'db-2'])
  world.allReady()
  change(world, { replicas: 0 })
  settle(world)
  expect(deleting(world)).toEqual(['db-0', 'db-1', 'db-2'])
})

describe('updating', () => {
  test('goes from the last pod to the first, each when the one after it is ready', () => {
    const world = new World()
    create(world)
    converge(world)
    update(world, 'db:v2')
    const order: string[] = []
    for (let round = 0; round < 3; round++) {
      settle(world)
      order.push(...deleting(world))
      world.reap()
      settle(world)
      world.allReady()
    }
    settle(world)
    expect(order).toEqual(['db-2', 'db-1', 'db-0'])
    expect(images(world)).toEqual({ 'db-0': 'db:v2', 'db-1': 'db:v2', 'db-2': 'db:v2' })
    const { status } = set(world)
    expect(status.currentRevision).toBe(status.updateRevision)
    expect(status).toMatchObject({ currentReplicas: 3, updatedReplicas: 3 })
  })

  test('stops at the partition; below it even new pods are old (oracle/statefulset)', () => {
    const world = new World()
    create(world)
    converge(world)
    change(world, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } })
    update(world, 'db:v2')
    converge(world)
    expect(images(world)).toEqual({ 'db-0': 'db:v1', 'db-1': 'db:v2', 'db-2': 'db:v2' })
    expect(set(world).status).toMatchObject({ currentReplicas: 1, updatedReplicas: 2 })
    world.apply([{ do: 'delete', kind: Pods, object: pod(world, 'db-0') }])
    converge(world)
    expect(images(world)['db-0']).toBe('db:v1')
    change(world, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } })
    converge(world)
    expect(images(world)['db-0']).toBe('db:v2')
  })

  test('OnDelete leaves it to people', () => {
    const world = new World()
    create(world, { updateStrategy: { type: 'OnDelete' } })
    converge(world)
    update(world, 'db:v2')
    converge(world)
    expect(Object.values(images(world))).toEqual(['db:v1', 'db:v1', 'db:v1'])
    world.apply([{ do: 'delete', kind: Pods, object: pod(world, 'db-1') }])
    converge(world)
    expect(images(world)).toEqual({ 'db-0': 'db:v1', 'db-1': 'db:v2', 'db-2': 'db:v1' })
  })

  test('a stuck update is not undone for a pod that never became ready (oracle/statefulset)', () => {
    const world = new World()
    create(world)
    converge(world)
    update(world, 'db:bad')
    settle(world)
    world.reap()
    settle(world)
    update(world, 'db:v1')
    settle(world)
    expect(images(world)['db-2']).toBe('db:bad')
    expect(deleting(world)).toEqual([])
    const revisions = world.all(ControllerRevisions).map(({ revision }) => revision)
    expect(revisions.sort()).toEqual([2, 3])
    world.remove(Pods, pod(world, 'db-2'))
    converge(world)
    expect(images(world)['db-2']).toBe('db:v1')
  })

  test('idle revisions beyond the limit are forgotten', () => {
    const world = new World()
    create(world, { revisionHistoryLimit: 1 })
    for (const image of ['db:v1', 'db:v2', 'db:v3', 'db:v4']) {
      update(world, image)
      converge(world)
    }
    expect(
      world
        .all(ControllerRevisions)
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([3, 4])
  })
})

describe('claims', () => {
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }]

  test('are made before the pod, mounted by it, and kept after it', () => {
    const world = new World()
    create(world, { replicas: 1, volumeClaimTemplates })
    converge(world)
    expect(messages(world)).toEqual([
      'create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'create Pod db-0 in StatefulSet db successful',
    ])
    expect(pod(world, 'db-0').spec.volumes).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
    ])
    change(world, { replicas: 0 })
    converge(world)
    const [claim] = world.all(PersistentVolumeClaims)
    expect(claim!.metadata).toMatchObject({ name: 'data-db-0', labels: { app: 'db' } })
    expect(claim!.metadata.ownerReferences).toBeUndefined()
  })

  test('are owned by the set, or by a surplus pod, where they shall go with it', () => {
    const world = new World()
    const persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Delete' }
    create(world, { replicas: 1, volumeClaimTemplates, persistentVolumeClaimRetentionPolicy })
    converge(world)
    const owner = () => world.all(PersistentVolumeClaims)[0]!.metadata.ownerReferences![0]
    expect(owner()).toMatchObject({ kind: 'StatefulSet', name: 'db' })
    change(world, { replicas: 0 })
    settle(world)
    expect(owner()).toMatchObject({ kind: 'Pod', name: 'db-0' })
  })

  test('a claim on its way out holds its pod back', () => {
    const world = new World()
    create(world, { replicas: 1, volumeClaimTemplates })
    converge(world)
    const [claim] = world.all(PersistentVolumeClaims)
    world.change(PersistentVolumeClaims, claim!, {
      metadata: { ...claim!.metadata, deletionTimestamp: world.timestamp },
    })
    world.remove(Pods, pod(world, 'db-0'))
    settle(world)
    expect(names(world)).toEqual([])
  })
})

test('a refused pod is told of, and the status written all the same', () => {
  const world = new World()
  create(world)
  world.refuse = intent =>
    intent.do === 'create' && intent.kind === Pods ? statuses.forbidden(Pods, 'db-0', 'no') : undefined
  world.reconcile(statefulSetController, 'default/db')
  expect(world.events).toEqual([
    'Warning FailedCreate create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: no',
  ])
  expect(set(world).status.observedGeneration).toBe(1)
})

test('only orphans with a name of the set are adopted', () => {
  const world = new World()
  for (const name of ['db-0', 'db-x']) {
    const metadata = { name, namespace: 'default', labels: { app: 'db' } }
    world.put(Pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] }, status: {} })
  }
  create(world)
  world.reconcile(statefulSetController, 'default/db')
  expect(world.all(Pods).map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).toEqual([
    'db',
    undefined,
  ])
})
