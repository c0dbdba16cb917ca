import { describe, expect, test } from 'vitest'
import {
  type Deployment,
  Deployments,
  Pods,
  type ReplicaSet,
  ReplicaSets,
  statuses,
} from '../../api/index.ts'
import { replicaSetController } from '../replicaset/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { deploymentController } from './index.ts'

type Spec = Partial<Deployment['spec']>

/** A Deployment as the API server defaults it. */
function create(world: World, spec: Spec = {}): Deployment {
  return world.put(Deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', annotations: { note: 'mine' } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: podTemplate({ app: 'web' }),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
    },
    status: {},
  })
}

const reconcile = (world: World) => world.reconcile(deploymentController, 'default/web')
const settle = (world: World) => world.settle(deploymentController, replicaSetController)
const deployment = (world: World) => world.get(Deployments, 'default', 'web')!
const change = (world: World, spec: Spec) =>
  world.change(Deployments, deployment(world), { spec: { ...deployment(world).spec, ...spec } })
const update = (world: World, image: string) =>
  change(world, { template: podTemplate({ app: 'web' }, image) })
const conditions = (world: World) =>
  deployment(world).status.conditions?.map(c => `${c.type}=${c.status}(${c.reason}: ${c.message})`)
const byImage = (world: World, image: string): ReplicaSet =>
  world.all(ReplicaSets).find(rs => rs.spec.template!.spec!.containers[0]!.image === image)!
const scaling = (world: World) =>
  world.events
    .filter(event => event.includes('ScalingReplicaSet'))
    .map(event => event.split(' ').slice(2).join(' '))

/** Lets everything happen, pods becoming ready as soon as they exist, until nothing changes. */
function converge(world: World, isSafe: () => void = () => {}): void {
  for (let round = 0; round < 200; round++) {
    const before = world.writes.length
    world.reap()
    world.allReady()
    reconcile(world)
    isSafe()
    for (const replicaSet of world.all(ReplicaSets)) {
      world.reconcile(replicaSetController, `default/${replicaSet.metadata.name}`)
      isSafe()
    }
    if (world.writes.length === before) return
  }
}

describe('a new Deployment (oracle/deploy-create)', () => {
  test('creates a ReplicaSet that carries its revision and sizes', () => {
    const world = new World()
    create(world)
    reconcile(world)
    const [replicaSet] = world.all(ReplicaSets)
    const hash = replicaSet!.metadata.labels!['pod-template-hash']
    expect(replicaSet!.metadata).toMatchObject({
      name: `web-${hash}`,
      labels: { app: 'web', 'pod-template-hash': hash },
      annotations: {
        note: 'mine',
        'deployment.kubernetes.io/revision': '1',
        'deployment.kubernetes.io/desired-replicas': '3',
        'deployment.kubernetes.io/max-replicas': '4',
      },
    })
    expect(replicaSet!.spec).toMatchObject({
      replicas: 3,
      selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
      template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
    })
    expect(replicaSet!.spec.template!.spec).toBe(deployment(world).spec.template.spec)
    expect(world.events).toEqual([`Normal ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`])
  })

  test('goes through the conditions of a real one', () => {
    const world = new World()
    create(world)
    const seen: unknown[] = []
    const look = () => {
      const { observedGeneration, replicas, updatedReplicas, readyReplicas, unavailableReplicas } =
        deployment(world).status
      seen.push({
        counts: [observedGeneration, replicas, updatedReplicas, readyReplicas, unavailableReplicas],
        conditions: conditions(world),
      })
    }
    reconcile(world)
    look()
    reconcile(world)
    look()
    const name = world.all(ReplicaSets)[0]!.metadata.name
    world.settle(replicaSetController)
    reconcile(world)
    look()
    world.ready(world.all(Pods)[0]!)
    world.settle(replicaSetController)
    reconcile(world)
    look()
    world.allReady()
    world.settle(replicaSetController)
    reconcile(world)
    look()

    const created = `Progressing=True(NewReplicaSetCreated: Created new replica set "${name}")`
    const unavailable =
      'Available=False(MinimumReplicasUnavailable: Deployment does not have minimum availability.)'
    const progressing = `Progressing=True(ReplicaSetUpdated: ReplicaSet "${name}" is progressing.)`
    const _ = undefined
    expect(seen).toEqual([
      { counts: [_, _, _, _, _], conditions: [created] },
      { counts: [1, _, _, _, 3], conditions: [created, unavailable] },
      { counts: [1, 3, 3, _, 3], conditions: [unavailable, progressing] },
      { counts: [1, 3, 3, 1, 2], conditions: [unavailable, progressing] },
      {
        counts: [1, 3, 3, 3, _],
        conditions: [
          'Available=True(MinimumReplicasAvailable: Deployment has minimum availability.)',
          `Progressing=True(NewReplicaSetAvailable: ReplicaSet "${name}" has successfully progressed.)`,
        ],
      },
    ])
  })

  test('is quiet once complete', () => {
    const world = new World()
    create(world)
    converge(world)
    expect(reconcile(world)).toEqual({ intents: [] })
    expect(deployment(world).metadata.annotations!['deployment.kubernetes.io/revision']).toBe('1')
  })

  test('is resized without a rollout', () => {
    const world = new World()
    create(world)
    converge(world)
    const [{ metadata }] = world.all(ReplicaSets) as [ReplicaSet]
    world.events.length = 0
    change(world, { replicas: 5 })
    converge(world)
    change(world, { replicas: 1 })
    converge(world)
    expect(scaling(world)).toEqual([
      `Scaled up replica set ${metadata.name} from 3 to 5`,
      `Scaled down replica set ${metadata.name} from 5 to 1`,
    ])
    expect(byImage(world, 'app:v1').metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/desired-replicas': '1',
      'deployment.kubernetes.io/max-replicas': '2',
    })
  })
})

describe('a rolling update', () => {
  test('with a surge of 1 and none unavailable goes step by step (oracle/rolling-surge1-unavail0-4)', () => {
    const world = new World()
    create(world, {
      replicas: 4,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    })
    converge(world)
    const old = byImage(world, 'app:v1').metadata.name
    world.events.length = 0
    update(world, 'app:v2')
    const ready = () =>
      world.all(Pods).filter(pod => pod.status.conditions && !pod.metadata.deletionTimestamp)
    converge(world, () => expect(ready().length).toBeGreaterThanOrEqual(4))
    const next = byImage(world, 'app:v2').metadata.name
    expect(scaling(world)).toEqual([
      `Scaled up replica set ${next} from 0 to 1`,
      `Scaled down replica set ${old} from 4 to 3`,
      `Scaled up replica set ${next} from 1 to 2`,
      `Scaled down replica set ${old} from 3 to 2`,
      `Scaled up replica set ${next} from 2 to 3`,
      `Scaled down replica set ${old} from 2 to 1`,
      `Scaled up replica set ${next} from 3 to 4`,
      `Scaled down replica set ${old} from 1 to 0`,
    ])
    expect(deployment(world).status).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 })
  })

  test.each([
    [4, '25%', '25%', 1, 3],
    [3, '25%', '25%', 1, 3],
    [10, '25%', '25%', 3, 8],
    [1, '25%', '25%', 1, 1],
    [5, 0, 0, 0, 4],
    [2, 0, 5, 0, 0],
  ])('%i replicas, surge %s, unavailable %s: at most %i more, at least %i available', (...row) => {
    const [replicas, maxSurge, maxUnavailable, more, least] = row
    const world = new World()
    create(world, {
      replicas,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    })
    converge(world)
    update(world, 'app:v2')
    let [most, fewest] = [0, Number.POSITIVE_INFINITY]
    converge(world, () => {
      const alive = world.all(Pods).filter(pod => !pod.metadata.deletionTimestamp)
      most = Math.max(most, alive.length)
      fewest = Math.min(fewest, alive.filter(pod => pod.status.phase === 'Running').length)
    })
    expect(most).toBeLessThanOrEqual(replicas + more)
    expect(fewest).toBeGreaterThanOrEqual(least)
    expect(byImage(world, 'app:v2').status.availableReplicas).toBe(replicas)
    expect(byImage(world, 'app:v1').status.replicas).toBe(0)
  })

  test('stuck on a bad image it times out; undone, the bad pods go first (oracle/bad-image-deadline)', () => {
    const world = new World()
    create(world, { replicas: 4, progressDeadlineSeconds: 10 })
    converge(world)
    const good = byImage(world, 'app:v1').metadata.name
    world.events.length = 0
    update(world, 'app:bad')
    settle(world)
    world.reap()
    settle(world)
    const bad = byImage(world, 'app:bad').metadata.name
    expect(scaling(world)).toEqual([
      `Scaled up replica set ${bad} from 0 to 1`,
      `Scaled down replica set ${good} from 4 to 3`,
      `Scaled up replica set ${bad} from 1 to 2`,
    ])
    expect(deployment(world).status).toMatchObject({
      replicas: 5,
      updatedReplicas: 2,
      unavailableReplicas: 2,
    })

    expect(reconcile(world).requeueAfterMs).toBe(11_000)
    world.nowMs += 11_000
    reconcile(world)
    expect(conditions(world)).toContain(
      `Progressing=False(ProgressDeadlineExceeded: ReplicaSet "${bad}" has timed out progressing.)`,
    )
    expect(reconcile(world)).toEqual({ intents: [] })

    world.events.length = 0
    update(world, 'app:v1')
    settle(world)
    expect(scaling(world)).toEqual([
      `Scaled down replica set ${bad} from 2 to 0`,
      `Scaled up replica set ${good} from 3 to 4`,
    ])
    expect(byImage(world, 'app:v1').metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    })
    converge(world)
    expect(deployment(world).metadata.annotations!['deployment.kubernetes.io/revision']).toBe('3')
    expect(conditions(world)).toContain(
      `Progressing=True(NewReplicaSetAvailable: ReplicaSet "${good}" has successfully progressed.)`,
    )
  })

  test('resized half-way, old and new grow in proportion', () => {
    const world = new World()
    create(world, {
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    })
    converge(world)
    update(world, 'app:bad')
    settle(world)
    expect([byImage(world, 'app:v1'), byImage(world, 'app:bad')].map(rs => rs.spec.replicas)).toEqual([8, 5])
    change(world, { replicas: 15 })
    settle(world)
    expect([byImage(world, 'app:v1'), byImage(world, 'app:bad')].map(rs => rs.spec.replicas)).toEqual([11, 7])
  })
})

describe('Recreate (oracle/recreate)', () => {
  test('starts the new pods when the last old one is gone, not before', () => {
    const world = new World()
    create(world, { strategy: { type: 'Recreate' } })
    converge(world)
    const old = byImage(world, 'app:v1').metadata.name
    world.events.length = 0
    update(world, 'app:v2')
    settle(world)
    expect(world.all(Pods).every(pod => pod.metadata.deletionTimestamp)).toBe(true)
    expect(world.all(ReplicaSets)).toHaveLength(1)
    expect(conditions(world)).toEqual([
      `Progressing=True(NewReplicaSetAvailable: ReplicaSet "${old}" has successfully progressed.)`,
      'Available=False(MinimumReplicasUnavailable: Deployment does not have minimum availability.)',
    ])
    const [last] = world.all(Pods)
    world.reap()
    expect(deploymentController.watches[1]!.keys(last!, undefined, 'DELETED', world)).toEqual(['default/web'])
    converge(world)
    expect(scaling(world)).toEqual([
      `Scaled down replica set ${old} from 3 to 0`,
      `Scaled up replica set ${byImage(world, 'app:v2').metadata.name} from 0 to 3`,
    ])
  })
})

describe('revisions', () => {
  test('old ReplicaSets beyond the limit are deleted, oldest first', () => {
    const world = new World()
    create(world, { revisionHistoryLimit: 2 })
    for (const image of ['app:v1', 'app:v2', 'app:v3', 'app:v4', 'app:v5']) {
      update(world, image)
      converge(world)
    }
    const images = world.all(ReplicaSets).map(rs => rs.spec.template!.spec!.containers[0]!.image)
    expect(images.sort()).toEqual(['app:v3', 'app:v4', 'app:v5'])
  })

  test("a ReplicaSet of another's with the wanted name makes it try another hash", () => {
    const world = new World()
    create(world)
    reconcile(world)
    const [taken] = world.all(ReplicaSets)
    const spec = { ...taken!.spec, template: podTemplate({ app: 'web' }, 'other') }
    world.change(ReplicaSets, taken!, { spec, metadata: { ...taken!.metadata, ownerReferences: undefined } })
    world.change(ReplicaSets, taken!, {
      metadata: { ...taken!.metadata, labels: {}, ownerReferences: undefined },
    })
    converge(world)
    expect(deployment(world).status.collisionCount).toBe(1)
    expect(world.all(ReplicaSets)).toHaveLength(2)
  })

  test('a ReplicaSet nobody controls is adopted when it matches', () => {
    const world = new World()
    create(world)
    converge(world)
    const [replicaSet] = world.all(ReplicaSets)
    world.change(ReplicaSets, replicaSet!, {
      metadata: { ...replicaSet!.metadata, ownerReferences: undefined },
    })
    converge(world)
    expect(world.all(ReplicaSets).map(rs => rs.metadata.ownerReferences?.[0]?.name)).toEqual(['web'])
  })
})

describe('pausing', () => {
  test('a paused Deployment does not roll, but is resized; resumed, it rolls', () => {
    const world = new World()
    create(world)
    converge(world)
    change(world, { paused: true })
    update(world, 'app:v2')
    converge(world)
    expect(world.all(ReplicaSets)).toHaveLength(1)
    expect(conditions(world)).toContain('Progressing=Unknown(DeploymentPaused: Deployment is paused)')
    change(world, { replicas: 5 })
    converge(world)
    expect(byImage(world, 'app:v1').spec.replicas).toBe(5)
    change(world, { paused: false })
    reconcile(world)
    expect(conditions(world)).toContain('Progressing=Unknown(DeploymentResumed: Deployment is resumed)')
    converge(world)
    expect(byImage(world, 'app:v2').status.availableReplicas).toBe(5)
  })
})

describe('refusals', () => {
  test('a ReplicaSet that may not be created shows in the conditions', () => {
    const world = new World()
    create(world)
    world.refuse = intent =>
      intent.do === 'create' ? statuses.forbidden(ReplicaSets, 'web-x', 'no') : undefined
    reconcile(world)
    const [event] = world.events
    expect(event).toMatch(
      /^Warning ReplicaSetCreateError Failed to create new replica set "web-\w+": replicasets.apps "web-x" is forbidden: no$/,
    )
    expect(conditions(world)).toEqual([
      expect.stringMatching(/^Progressing=False\(ReplicaSetCreateError: Failed to create new replica set/),
    ])
  })

  test('the failure of its ReplicaSet becomes its own', () => {
    const world = new World()
    create(world)
    reconcile(world)
    world.refuse = intent =>
      intent.do === 'create' ? statuses.forbidden(Pods, 'web-x', 'exceeded quota') : undefined
    settle(world)
    expect(conditions(world)).toContain(
      'ReplicaFailure=True(FailedCreate: pods "web-x" is forbidden: exceeded quota)',
    )
  })

  test('a selector that selects everything is refused service', () => {
    const world = new World()
    create(world, { selector: {} })
    reconcile(world)
    expect(world.events).toEqual([
      'Warning SelectingAll This deployment is selecting all pods. A non-empty selector is required.',
    ])
    expect(world.all(ReplicaSets)).toEqual([])
  })
})
