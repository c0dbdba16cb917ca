import { describe, expect, test } from 'vitest'
import { type Pod, Pods, type ReplicaSet, ReplicaSets, statuses } from '../../api/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { replicaSetController } from './index.ts'

function replicaSetOf(world: World, replicas: number, more: Partial<ReplicaSet['spec']> = {}): ReplicaSet {
  return world.put(ReplicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: podTemplate({ app: 'web' }),
      ...more,
    },
    status: { replicas: 0 },
  })
}

const reconcile = (world: World) => world.reconcile(replicaSetController, 'default/web')
const status = (world: World) => world.get(ReplicaSets, 'default', 'web')!.status
const scale = (world: World, replicas: number) => {
  const replicaSet = world.get(ReplicaSets, 'default', 'web')!
  world.change(ReplicaSets, replicaSet, { spec: { ...replicaSet.spec, replicas } })
}
const keys = (world: World, pod: Pod, old: Pod | undefined, event: 'ADDED' | 'MODIFIED' | 'DELETED') =>
  replicaSetController.watches[0]!.keys(pod, old, event, world)

describe('creating pods', () => {
  test('creates what is missing, with slow start, and says so', () => {
    const world = new World()
    replicaSetOf(world, 3)
    const { intents } = reconcile(world)
    expect(intents[0]).toMatchObject({ do: 'batch', slowStart: true })
    expect(world.events).toEqual([
      'Normal SuccessfulCreate Created pod: web-2',
      'Normal SuccessfulCreate Created pod: web-3',
      'Normal SuccessfulCreate Created pod: web-4',
    ])
    expect(status(world)).toEqual({ replicas: 0, observedGeneration: 1 })
    reconcile(world)
    expect(status(world)).toEqual({ replicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1 })
  })

  test('pods share the template by reference and are controlled', () => {
    const world = new World()
    const replicaSet = replicaSetOf(world, 2)
    reconcile(world)
    for (const pod of world.all(Pods)) {
      expect(pod.spec).toBe(replicaSet.spec.template!.spec)
      expect(pod.metadata.labels).toEqual({ app: 'web' })
      expect(pod.metadata.ownerReferences).toEqual([
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web',
          uid: replicaSet.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ])
    }
  })

  test('creates at most 500 at a time', () => {
    const world = new World()
    replicaSetOf(world, 1200)
    const [batch] = replicaSetController.reconcile(
      world.get(ReplicaSets, 'default', 'web'),
      world,
      'default/web',
    ).intents
    expect(batch?.do === 'batch' && batch.intents.length).toBe(500)
  })

  test('replaces failed pods and does not count them', () => {
    const world = new World()
    replicaSetOf(world, 2)
    world.settle(replicaSetController)
    world.finish(world.all(Pods)[0]!, 'Failed')
    world.settle(replicaSetController)
    expect(world.all(Pods)).toHaveLength(3)
    expect(status(world).replicas).toBe(2)
  })

  test('creates none while it is being deleted', () => {
    const world = new World()
    const replicaSet = replicaSetOf(world, 2)
    world.change(ReplicaSets, replicaSet, {
      metadata: { ...replicaSet.metadata, deletionTimestamp: world.timestamp },
    })
    world.settle(replicaSetController)
    expect(world.all(Pods)).toEqual([])
  })

  test('reports what was refused, until it is no longer', () => {
    const world = new World()
    replicaSetOf(world, 1)
    world.refuse = intent =>
      intent.do === 'create' ? statuses.forbidden(Pods, 'web-x', 'exceeded quota') : undefined
    reconcile(world)
    expect(world.events).toEqual([
      'Warning FailedCreate Error creating: pods "web-x" is forbidden: exceeded quota',
    ])
    expect(status(world).conditions).toEqual([
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'pods "web-x" is forbidden: exceeded quota',
        lastTransitionTime: world.timestamp,
      },
    ])
    world.refuse = () => undefined
    reconcile(world)
    expect(status(world).conditions).toBeUndefined()
  })
})

describe('counting', () => {
  test('reads no pods to count them', () => {
    const world = new World()
    replicaSetOf(world, 100)
    world.settle(replicaSetController)
    world.allReady()
    world.objectsRead = 0
    reconcile(world)
    expect(status(world)).toMatchObject({ replicas: 100, readyReplicas: 100, availableReplicas: 100 })
    expect(world.objectsRead).toBe(0)
  })

  test('a ready pod is available after minReadySeconds, and it looks again just then', () => {
    const world = new World()
    replicaSetOf(world, 2, { minReadySeconds: 10 })
    world.settle(replicaSetController)
    world.allReady()
    expect(reconcile(world).requeueAfterMs).toBe(10_001)
    expect(status(world)).toMatchObject({ readyReplicas: 2 })
    expect(status(world).availableReplicas).toBeUndefined()
    world.nowMs += 10_000
    expect(reconcile(world).requeueAfterMs).toBe(1)
    world.nowMs += 1
    expect(reconcile(world).requeueAfterMs).toBeUndefined()
    expect(status(world).availableReplicas).toBe(2)
  })

  test('a pod that lost a label of the template is not fully labelled', () => {
    const world = new World()
    replicaSetOf(world, 2, { template: podTemplate({ app: 'web', tier: 'front' }) })
    world.settle(replicaSetController)
    const pod = world.all(Pods)[0]!
    world.change(Pods, pod, { metadata: { ...pod.metadata, labels: { app: 'web' } } })
    reconcile(world)
    expect(status(world)).toMatchObject({ replicas: 2, fullyLabeledReplicas: 1 })
  })
})

describe('adopting and releasing', () => {
  test('takes matching orphans before it creates any', () => {
    const world = new World()
    world.put(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stray', labels: { app: 'web' } },
      ...empty,
    })
    world.put(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'other', labels: { app: 'db' } },
      ...empty,
    })
    replicaSetOf(world, 2)
    world.settle(replicaSetController)
    expect(world.all(Pods).map(pod => [pod.metadata.name, pod.metadata.ownerReferences?.[0]?.name])).toEqual([
      ['other', undefined],
      ['stray', 'web'],
      [expect.stringMatching(/^web-/), 'web'],
    ])
  })

  test('lets go of a pod whose labels no longer match, and makes another', () => {
    const world = new World()
    replicaSetOf(world, 2)
    world.settle(replicaSetController)
    const pod = world.all(Pods)[0]!
    world.change(Pods, pod, { metadata: { ...pod.metadata, labels: { app: 'debug' } } })
    world.settle(replicaSetController)
    expect(world.get(Pods, 'default', pod.metadata.name)!.metadata.ownerReferences).toBeUndefined()
    expect(world.all(Pods)).toHaveLength(3)
    expect(status(world).replicas).toBe(2)
  })
})
const empty = { spec: { containers: [] }, status: {} }

describe('deleting pods', () => {
  test('deletes the surplus and says so', () => {
    const world = new World()
    replicaSetOf(world, 3)
    world.settle(replicaSetController)
    world.events.length = 0
    scale(world, 1)
    world.settle(replicaSetController)
    expect(world.all(Pods)).toHaveLength(1)
    expect(world.events).toEqual([
      'Normal SuccessfulDelete Deleted pod: web-2',
      'Normal SuccessfulDelete Deleted pod: web-3',
    ])
  })

  test('prefers a node with more pods of the same Deployment, its sibling ReplicaSets included', () => {
    const world = new World()
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'd',
      uid: 'uid-d',
      controller: true,
    }
    const replicaSet = replicaSetOf(world, 2)
    world.change(ReplicaSets, replicaSet, { metadata: { ...replicaSet.metadata, ownerReferences: [owner] } })
    world.settle(replicaSetController)
    const [first, second] = world.all(Pods)
    world.ready(first!, 'node-1')
    world.ready(second!, 'node-2')
    const sibling = world.put(ReplicaSets, {
      ...replicaSet,
      metadata: { name: 'web-old', namespace: 'default', ownerReferences: [owner] },
    })
    const reference = { ...owner, kind: 'ReplicaSet', name: 'web-old', uid: sibling.metadata.uid }
    const pod = world.put(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'sibling', labels: { app: 'web' }, ownerReferences: [reference] },
      ...empty,
    })
    world.ready(pod, 'node-2')
    scale(world, 1)
    reconcile(world)
    expect(world.events.at(-1)).toBe(`Normal SuccessfulDelete Deleted pod: ${second!.metadata.name}`)
  })
})

describe('which changes of a pod matter', () => {
  const world = new World()
  replicaSetOf(world, 1)
  world.settle(replicaSetController)
  const created = world.all(Pods)[0]!
  const bound = world.bind(created)
  const creating = world.change(Pods, bound, { status: { phase: 'Pending', containerStatuses: [] } })
  const ready = world.ready(created)
  const unready = world.notReady(created)
  const deleting = { ...ready, metadata: { ...ready.metadata, deletionTimestamp: world.timestamp } }
  const failed: Pod = { ...ready, status: { ...ready.status, phase: 'Failed' } }

  test.each([
    ['a new pod', created, undefined, 'ADDED', true],
    ['binding', bound, created, 'MODIFIED', false],
    ['ContainerCreating', creating, bound, 'MODIFIED', false],
    ['readiness', ready, creating, 'MODIFIED', true],
    ['lost readiness', unready, ready, 'MODIFIED', true],
    ['failure', failed, ready, 'MODIFIED', true],
    ['a deletion asked for', deleting, ready, 'MODIFIED', true],
    ['the end of a deletion counted before', deleting, undefined, 'DELETED', false],
    ['a sudden end', ready, undefined, 'DELETED', true],
  ] as const)('%s', (_what, pod, old, event, matters) => {
    expect(keys(world, pod as Pod, old as Pod | undefined, event)).toEqual(matters ? ['default/web'] : [])
  })

  test('an orphan concerns whoever selects it', () => {
    const orphan = { ...created, metadata: { ...created.metadata, ownerReferences: undefined } }
    expect(keys(world, orphan, undefined, 'ADDED')).toEqual(['default/web'])
    expect(keys(world, orphan, created, 'MODIFIED')).toEqual(['default/web', 'default/web'])
  })

  test('a pod of a ReplicaSet that is gone concerns nobody', () => {
    const [reference] = created.metadata.ownerReferences!
    const stranger = {
      ...created,
      metadata: { ...created.metadata, ownerReferences: [{ ...reference!, uid: 'gone' }] },
    }
    expect(keys(world, stranger, undefined, 'ADDED')).toEqual([])
  })
})
