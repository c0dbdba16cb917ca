import { describe, expect, test } from 'vitest'
import {
  ControllerRevisions,
  type DaemonSet,
  DaemonSets,
  type Node,
  Nodes,
  type Pod,
  Pods,
} from '../../api/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { nodeOf } from './daemon-pods.ts'
import { daemonSetController } from './index.ts'

type Spec = Partial<DaemonSet['spec']>

function addNode(
  world: World,
  name: string,
  spec: Node['spec'] = {},
  labels: Record<string, string> = {},
): Node {
  return world.put(Nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec, status: {} })
}

function create(world: World, spec: Spec = {}): DaemonSet {
  return world.put(DaemonSets, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: podTemplate({ app: 'agent' }, 'agent:v1'),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  })
}

function worldOf(...nodes: string[]): World {
  const world = new World()
  for (const name of nodes) addNode(world, name)
  return world
}

const settle = (world: World) => world.settle(daemonSetController)
const set = (world: World) => world.get(DaemonSets, 'default', 'agent')!
const change = (world: World, spec: Spec) =>
  world.change(DaemonSets, set(world), { spec: { ...set(world).spec, ...spec } })
const update = (world: World, image: string) =>
  change(world, { template: podTemplate({ app: 'agent' }, image) })
/** `node image`, with `!` where the pod is being deleted and `+` where it is ready. */
const seen = (world: World) =>
  world
    .all(Pods)
    .map(pod => {
      const mark = pod.metadata.deletionTimestamp ? '!' : pod.status.phase === 'Running' ? '+' : ''
      return `${nodeOf(pod)} ${pod.spec.containers[0]!.image!.split(':')[1]}${mark}`
    })
    .sort()
/** What scheduler and kubelets do. */
const run = (world: World) => {
  for (const pod of world.all(Pods)) if (!pod.metadata.deletionTimestamp) world.ready(pod, nodeOf(pod))
}
const converge = (world: World, look: () => void = () => {}) => {
  for (let round = 0; round < 50; round++) {
    const before = world.writes.length
    settle(world)
    look()
    world.reap()
    settle(world)
    look()
    run(world)
    settle(world)
    if (world.writes.length === before) return
  }
}

describe('covering nodes', () => {
  test('makes one pod for each node, meant for it by name', () => {
    const world = worldOf('n1', 'n2')
    create(world)
    converge(world)
    expect(seen(world)).toEqual(['n1 v1+', 'n2 v1+'])
    const [pod] = world.all(Pods)
    expect(pod!.spec.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeOf(pod!)] }] },
          ],
        },
      },
    })
    expect(pod!.spec.tolerations!.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/not-ready:NoExecute',
      'node.kubernetes.io/unreachable:NoExecute',
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/pid-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
    ])
    expect(set(world).status).toEqual({
      observedGeneration: 1,
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberMisscheduled: 0,
      numberReady: 2,
      numberAvailable: 2,
      updatedNumberScheduled: 2,
    })
    expect(world.events.map(event => event.split(' ').slice(0, 4).join(' '))).toEqual([
      'Normal SuccessfulCreate Created pod:',
      'Normal SuccessfulCreate Created pod:',
    ])
    const [revision] = world.all(ControllerRevisions)
    expect(pod!.metadata.labels!['controller-revision-hash']).toBe(
      revision!.metadata.labels!['controller-revision-hash'],
    )
  })

  test('a new node gets its pod', () => {
    const world = worldOf('n1')
    create(world)
    converge(world)
    const node = addNode(world, 'n2')
    expect(daemonSetController.watches[1]!.keys(node, undefined, 'ADDED', world)).toEqual(['default/agent'])
    converge(world)
    expect(seen(world)).toEqual(['n1 v1+', 'n2 v1+'])
  })

  test.each<[string, Node['spec'], Record<string, string>, Spec['template'], boolean]>([
    ['a plain node', {}, {}, podTemplate({ app: 'agent' }), true],
    [
      'a cordoned node',
      { taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
      {},
      podTemplate({ app: 'agent' }),
      true,
    ],
    [
      'a NotReady node',
      { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] },
      {},
      podTemplate({ app: 'agent' }),
      true,
    ],
    [
      'a tainted node',
      { taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
      {},
      podTemplate({ app: 'agent' }),
      false,
    ],
    ['a node of the wrong pool', {}, { pool: 'b' }, selecting({ pool: 'a' }), false],
    ['a node of the right pool', {}, { pool: 'a' }, selecting({ pool: 'a' }), true],
  ])('%s', (_what, spec, labels, template, isCovered) => {
    const world = new World()
    addNode(world, 'n1', spec, labels)
    create(world, { template })
    settle(world)
    expect(world.all(Pods)).toHaveLength(isCovered ? 1 : 0)
  })

  test('a pod stays on a node that gets a NoSchedule taint, and leaves one with NoExecute', () => {
    const world = worldOf('n1')
    create(world)
    converge(world)
    const node = world.all(Nodes)[0]!
    world.change(Nodes, node, { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } })
    converge(world)
    expect(seen(world)).toEqual(['n1 v1+'])
    expect(set(world).status).toMatchObject({ numberMisscheduled: 1, desiredNumberScheduled: 0 })
    world.change(Nodes, node, { spec: { taints: [{ key: 'gpu', effect: 'NoExecute' }] } })
    converge(world)
    expect(seen(world)).toEqual([])
  })

  test('a heartbeat of a node concerns nobody', () => {
    const world = worldOf('n1')
    create(world)
    const node = world.all(Nodes)[0]!
    const beaten = world.change(Nodes, node, { status: { conditions: [] } })
    expect(daemonSetController.watches[1]!.keys(beaten, node, 'MODIFIED', world)).toEqual([])
  })

  test('replaces a failed pod, after a second', () => {
    const world = worldOf('n1')
    create(world)
    converge(world)
    const failed = world.finish(world.all(Pods)[0]!, 'Failed')
    expect(world.reconcile(daemonSetController, 'default/agent').requeueAfterMs).toBe(1000)
    world.nowMs += 1000
    converge(world)
    expect(seen(world)).toEqual(['n1 v1+'])
    expect(world.events).toContain(
      `Warning FailedDaemonPod Found failed daemon pod default/${failed.metadata.name} on node n1, will try to kill it`,
    )
  })

  test('of two pods on one node the older stays', () => {
    const world = worldOf('n1')
    create(world)
    converge(world)
    const pod = world.all(Pods)[0] as Pod
    world.nowMs += 1000
    const { name: _, uid: __, ...metadata } = pod.metadata
    world.put(Pods, {
      ...pod,
      metadata: { ...metadata, name: 'agent-double', creationTimestamp: world.timestamp },
    })
    converge(world)
    expect(world.all(Pods).map(({ metadata }) => metadata.name)).toEqual([pod.metadata.name])
  })
})

function selecting(nodeSelector: Record<string, string>): Spec['template'] {
  const template = podTemplate({ app: 'agent' })
  return { ...template, spec: { ...template.spec, nodeSelector } }
}

describe('a rolling update', () => {
  test('replaces one pod at a time', () => {
    const world = worldOf('n1', 'n2', 'n3')
    create(world)
    converge(world)
    update(world, 'agent:v2')
    let fewest = 3
    converge(world, () => {
      fewest = Math.min(fewest, seen(world).filter(text => text.endsWith('+')).length)
    })
    expect(fewest).toBe(2)
    expect(seen(world)).toEqual(['n1 v2+', 'n2 v2+', 'n3 v2+'])
    expect(set(world).status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 })
  })

  test('with a surge never has a node without a ready pod', () => {
    const world = worldOf('n1', 'n2', 'n3')
    create(world, {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '34%' } },
    })
    converge(world)
    update(world, 'agent:v2')
    let most = 0
    converge(world, () => {
      const texts = seen(world)
      most = Math.max(most, texts.filter(text => !text.endsWith('!')).length)
      expect(new Set(texts.filter(text => text.endsWith('+')).map(text => text.slice(0, 2))).size).toBe(3)
    })
    expect(most).toBe(5)
    expect(seen(world)).toEqual(['n1 v2+', 'n2 v2+', 'n3 v2+'])
  })

  test('OnDelete leaves it to people', () => {
    const world = worldOf('n1', 'n2')
    create(world, { updateStrategy: { type: 'OnDelete' } })
    converge(world)
    update(world, 'agent:v2')
    converge(world)
    expect(seen(world)).toEqual(['n1 v1+', 'n2 v1+'])
    world.apply([{ do: 'delete', kind: Pods, object: world.all(Pods)[0]! }])
    converge(world)
    expect(seen(world).filter(text => text.includes('v2'))).toHaveLength(1)
  })

  test('idle revisions beyond the limit are forgotten', () => {
    const world = worldOf('n1')
    create(world, { revisionHistoryLimit: 1 })
    for (const image of ['agent:v1', 'agent:v2', 'agent:v3', 'agent:v4']) {
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
