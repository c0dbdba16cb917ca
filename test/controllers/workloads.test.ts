/** Deployments, StatefulSets, DaemonSets and Jobs against a real API server, told by what they leave behind. */
import { describe, expect, test } from 'vitest'
import {
  DaemonSets,
  type Deployment,
  Deployments,
  type Job,
  Jobs,
  type Pod,
  Pods,
  type ReplicaSet,
  ReplicaSets,
  type StatefulSet,
  StatefulSets,
} from '../../src/api/index.ts'
import { ControlPlane } from './control-plane.ts'
import { FakeKubelets } from './fake-kubelets.ts'

const NODES = ['node-0', 'node-1', 'node-2']

function cluster() {
  const plane = new ControlPlane()
  for (const node of NODES) plane.addNode(node)
  new FakeKubelets(plane, NODES)
  const pods = () => plane.list<Pod>(Pods, 'default')
  const images = () =>
    Object.fromEntries(pods().map(pod => [pod.metadata.name, pod.spec.containers[0]!.image]))
  return { plane, pods, images }
}

const template = (image: string, more: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }], ...more },
})
const deployment = (replicas: number, spec: object = {}) => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('app:v1'), ...spec },
})
const setImage = (image: string) => ({ spec: { template: template(image) } })

describe('a Deployment', () => {
  test('comes up, rolls without a gap, is undone by its template, and goes with all it owns', () => {
    const { plane, pods, images } = cluster()
    const get = () => plane.ask<Deployment>('get', Deployments, 'default', 'web')
    const rolling = { maxSurge: 1, maxUnavailable: 0 }
    plane.create(Deployments, deployment(4, { strategy: { type: 'RollingUpdate', rollingUpdate: rolling } }))
    plane.sim.advance(5_000)
    expect(get().status).toMatchObject({ replicas: 4, readyReplicas: 4, availableReplicas: 4 })

    plane.patch(Deployments, 'default', 'web', setImage('app:v2'))
    let fewest = 4
    for (let ms = 0; ms < 10_000; ms += 100) {
      plane.sim.advance(100)
      fewest = Math.min(fewest, get().status.availableReplicas ?? 0)
    }
    expect(fewest).toBe(4)
    expect(Object.values(images())).toEqual(['app:v2', 'app:v2', 'app:v2', 'app:v2'])
    expect(get().metadata.annotations!['deployment.kubernetes.io/revision']).toBe('2')
    expect(plane.events('ScalingReplicaSet').map(text => text.replace(/ web-\w+/, ''))).toEqual(
      expect.arrayContaining([
        'Scaled up replica set from 0 to 4',
        'Scaled up replica set from 0 to 1',
        'Scaled down replica set from 4 to 3',
        'Scaled down replica set from 1 to 0',
      ]),
    )

    plane.patch(Deployments, 'default', 'web', setImage('app:v1'))
    plane.sim.advance(10_000)
    expect(plane.list<ReplicaSet>(ReplicaSets)).toHaveLength(2)
    expect(get().metadata.annotations!['deployment.kubernetes.io/revision']).toBe('3')

    plane.delete(Deployments, 'default', 'web')
    plane.sim.advance(5_000)
    expect(plane.list(ReplicaSets)).toEqual([])
    expect(pods()).toEqual([])
  })

  test('stuck on a bad image misses its deadline', () => {
    const { plane } = cluster()
    plane.create(Deployments, deployment(4, { progressDeadlineSeconds: 10 }))
    plane.sim.advance(5_000)
    plane.patch(Deployments, 'default', 'web', setImage('app:bad'))
    plane.sim.advance(15_000)
    const { status } = plane.ask<Deployment>('get', Deployments, 'default', 'web')
    expect(status).toMatchObject({
      replicas: 5,
      updatedReplicas: 2,
      availableReplicas: 3,
      unavailableReplicas: 2,
    })
    expect(status.conditions!.find(({ type }) => type === 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    })
  })

  test('replaced by Recreate never runs two versions at once', () => {
    const { plane, images } = cluster()
    plane.create(Deployments, deployment(3, { strategy: { type: 'Recreate' } }))
    plane.sim.advance(5_000)
    plane.patch(Deployments, 'default', 'web', setImage('app:v2'))
    for (let ms = 0; ms < 5_000; ms += 50) {
      plane.sim.advance(50)
      expect(new Set(Object.values(images())).size).toBeLessThanOrEqual(1)
    }
    expect(Object.values(images())).toEqual(['app:v2', 'app:v2', 'app:v2'])
  })

  test('whose ReplicaSet is scaled by somebody else puts it right', () => {
    const { plane, pods } = cluster()
    plane.create(Deployments, deployment(2))
    plane.sim.advance(3_000)
    const [replicaSet] = plane.list<ReplicaSet>(ReplicaSets)
    plane.patch(ReplicaSets, 'default', replicaSet!.metadata.name, { spec: { replicas: 5 } })
    plane.sim.advance(5_000)
    expect(pods()).toHaveLength(2)
  })
})

describe('counters, with 100 pods a ReplicaSet', () => {
  test('at most 3 reconciles of a ReplicaSet and 20 objects read a pod, conflicts rare', () => {
    const { plane, pods } = cluster()
    const deployments = 5
    for (let n = 0; n < deployments; n++) {
      const labels = { app: `web-${n}` }
      plane.create(Deployments, {
        metadata: { name: `web-${n}`, namespace: 'default' },
        spec: {
          replicas: 100,
          selector: { matchLabels: labels },
          template: { ...template('app:v1'), metadata: { labels } },
        },
      })
    }
    plane.sim.advance(20_000)
    const count = deployments * 100
    expect(pods()).toHaveLength(count)
    for (const { status } of plane.list<Deployment>(Deployments)) expect(status.readyReplicas).toBe(100)
    for (let n = 0; n < deployments; n++) plane.delete(Deployments, 'default', `web-${n}`)
    plane.sim.advance(20_000)
    expect(pods()).toEqual([])
    const all = [...plane.host.stats.values()]
    expect(plane.host.stats.get('replicaset')!.reconciles / count).toBeLessThanOrEqual(3)
    expect(all.reduce((sum, stats) => sum + stats.objectsRead, 0) / count).toBeLessThanOrEqual(20)
    expect(all.reduce((sum, stats) => sum + stats.conflicts, 0) / count).toBeLessThanOrEqual(0.1)
  })
})

test('a StatefulSet comes up, updates and goes down in order', () => {
  const { plane, images } = cluster()
  const get = () => plane.ask<StatefulSet>('get', StatefulSets, 'default', 'db')
  plane.create(StatefulSets, {
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'web' } },
      template: template('db:v1'),
    },
  })
  plane.sim.advance(400)
  expect(images()).toEqual({ 'db-0': 'db:v1' })
  plane.sim.advance(5_000)
  expect(get().status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3 })
  const rollingUpdate = { partition: 1 }
  plane.patch(StatefulSets, 'default', 'db', {
    spec: { template: template('db:v2'), updateStrategy: { type: 'RollingUpdate', rollingUpdate } },
  })
  plane.sim.advance(8_000)
  expect(images()).toEqual({ 'db-0': 'db:v1', 'db-1': 'db:v2', 'db-2': 'db:v2' })
  plane.patch(StatefulSets, 'default', 'db', { spec: { replicas: 1 } })
  plane.sim.advance(700)
  expect(Object.keys(images())).toEqual(['db-0', 'db-1'])
  plane.sim.advance(3_000)
  expect(Object.keys(images())).toEqual(['db-0'])
})

test('a DaemonSet meets a new node', () => {
  const { plane, pods } = cluster()
  plane.create(DaemonSets, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: template('agent:v1') },
  })
  plane.sim.advance(3_000)
  plane.addNode('node-3')
  plane.sim.advance(3_000)
  expect(
    pods()
      .map(pod => pod.spec.nodeName)
      .sort(),
  ).toEqual([...NODES, 'node-3'])
  plane.patch(DaemonSets, 'default', 'agent', setImage('agent:v2'))
  plane.sim.advance(10_000)
  expect(new Set(pods().map(pod => pod.spec.containers[0]!.image))).toEqual(new Set(['agent:v2']))
})

describe('a Job', () => {
  const job = (spec: object, image: string) => ({
    metadata: { name: 'work', namespace: 'default' },
    spec: { template: template(image, { restartPolicy: 'Never' }), ...spec },
  })
  const get = (plane: ControlPlane) => plane.ask<Job>('get', Jobs, 'default', 'work')

  test('completes, keeps its pods, and lets them go with it', () => {
    const { plane, pods } = cluster()
    plane.create(Jobs, job({ completions: 4, parallelism: 2 }, 'job:exit0'))
    plane.sim.advance(10_000)
    const { status } = get(plane)
    expect(status).toMatchObject({ succeeded: 4, ready: 0, terminating: 0, uncountedTerminatedPods: {} })
    expect(status.conditions!.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete'])
    expect(plane.events('Completed')).toEqual(['Job completed'])
    expect(pods()).toHaveLength(4)
    plane.delete(Jobs, 'default', 'work', { propagationPolicy: 'Background' })
    plane.sim.advance(5_000)
    expect(pods()).toEqual([])
  })

  test('retries with back-off and gives up', () => {
    const { plane, pods } = cluster()
    plane.create(Jobs, job({ backoffLimit: 2 }, 'job:fail'))
    plane.sim.advance(60_000)
    expect(get(plane).status).toMatchObject({ failed: 3, uncountedTerminatedPods: {} })
    expect(plane.events('BackoffLimitExceeded')).toEqual(['Job has reached the specified backoff limit'])
    expect(pods()).toHaveLength(3)
  })
})
