/** The scheduler against a real API server: what a person sees of it. */
import { describe, expect, test } from 'vitest'
import { Nodes, Pods } from '../../src/api/index.ts'
import { ControlPlane } from './control-plane.ts'

const gpu = { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] }

describe('a pod that fits', () => {
  test('is bound to a node, and an event says so', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addPod('web')
    plane.sim.advance(100)
    const pod = plane.pod('web')
    expect(pod.spec.nodeName).toBe('node-1')
    expect(pod.status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
    expect(plane.events('web')).toEqual(['Normal Scheduled: Successfully assigned default/web to node-1'])
    expect(plane.scheduler.stats).toMatchObject({ cycles: 1, bound: 1 })
  })

  test('many are spread over the nodes, and none is overcommitted', () => {
    const plane = new ControlPlane()
    for (let i = 1; i <= 4; i++) plane.addNode(`node-${i}`)
    for (let i = 0; i < 16; i++) plane.addPod(`web-${i}`, {}, { cpu: '1', memory: '1Gi' })
    plane.sim.advance(500)
    const on = new Map<string, number>()
    for (let i = 0; i < 16; i++) {
      const name = plane.nodeOf(`web-${i}`)!
      on.set(name, (on.get(name) ?? 0) + 1)
    }
    expect([...on.values()]).toEqual([4, 4, 4, 4])
  })

  test('waits for no one: pods created at once are all scheduled before the first binding is confirmed', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1', { allocatable: { pods: '2' } })
    plane.addNode('node-2', { allocatable: { pods: '1' } })
    plane.wire.slow('kube-scheduler', 'apiserver', { latencyMs: 500 })
    for (const name of ['a', 'b', 'c']) plane.addPod(name)
    plane.sim.advance(5000)
    const nodes = ['a', 'b', 'c'].map(name => plane.nodeOf(name)).sort()
    expect(nodes).toEqual(['node-1', 'node-1', 'node-2'])
    expect(plane.scheduler.stats).toMatchObject({ cycles: 3, bound: 3, errors: 0 })
  })
})

describe('a pod that fits nowhere', () => {
  test('says why in an event and a condition, and is scheduled as soon as there is room', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addNode('node-2')
    plane.addNode('node-3', { spec: gpu })
    plane.addPod('hog-1', { nodeName: 'node-1' }, { cpu: '3' })
    plane.addPod('hog-2', { nodeName: 'node-2' }, { cpu: '3' })
    plane.addPod('web', {}, { cpu: '2' })
    plane.sim.advance(1000)
    const message =
      '0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.'
    expect(plane.pod('web').status.conditions).toEqual([
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }),
    ])
    expect(plane.events('web')).toEqual([`Warning FailedScheduling: ${message}`])
    expect(plane.scheduler.waiting).toMatchObject({ unschedulable: 1 })

    plane.delete(Pods, 'default', 'hog-2')
    plane.sim.advance(100)
    expect(plane.nodeOf('web')).toBe('node-2')
    expect(plane.pod('web').status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
  })

  test('hears of uncordoned nodes', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1', { spec: { unschedulable: true } })
    plane.addPod('web')
    plane.sim.advance(60_000)
    expect(plane.events('web')).toEqual([
      'Warning FailedScheduling: 0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ])
    plane.patch(Nodes, '', 'node-1', { spec: { unschedulable: false } })
    plane.sim.advance(100)
    expect(plane.nodeOf('web')).toBe('node-1')
  })

  test('is tried again and again while there is no node at all, ever less often', () => {
    const plane = new ControlPlane()
    plane.addPod('web')
    plane.sim.advance(60_000)
    expect(plane.events('web')[0]).toMatch(
      /^Warning FailedScheduling: no nodes available to schedule pods \(x\d+\)$/,
    )
    expect(plane.scheduler.stats.cycles).toBeGreaterThan(6)
    expect(plane.scheduler.stats.cycles).toBeLessThan(11)
    plane.addNode('node-1')
    plane.sim.advance(12_000)
    expect(plane.nodeOf('web')).toBe('node-1')
  })

  test('is not looked at again for changes that cannot help it', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addPod('web', { nodeSelector: { disk: 'ssd' } })
    plane.addPod('other')
    plane.sim.advance(1000)
    plane.delete(Pods, 'default', 'other')
    plane.sim.advance(60_000)
    expect(plane.scheduler.stats.cycles).toBe(2)
    plane.patch(Nodes, '', 'node-1', { metadata: { labels: { disk: 'ssd' } } })
    plane.sim.advance(100)
    expect(plane.nodeOf('web')).toBe('node-1')
  })
})

describe('pods that are not to be scheduled', () => {
  test("another scheduler's are let be", () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addPod('web', { schedulerName: 'custom' })
    plane.sim.advance(1000)
    expect(plane.scheduler.stats.cycles).toBe(0)
    expect(plane.nodeOf('web')).toBeUndefined()
  })

  test('gated ones wait for their gates', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addPod('web', { schedulingGates: [{ name: 'example.com/quota' }] })
    plane.sim.advance(1000)
    expect(plane.scheduler.stats.cycles).toBe(0)
    plane.patch(Pods, 'default', 'web', { spec: { schedulingGates: null } })
    plane.sim.advance(100)
    expect(plane.nodeOf('web')).toBe('node-1')
  })

  test('one deleted while it is being bound leaves its room to others', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1', { allocatable: { pods: '1' } })
    plane.wire.slow('kube-scheduler', 'apiserver', { latencyMs: 200 })
    plane.addPod('gone')
    plane.sim.advance(300)
    plane.delete(Pods, 'default', 'gone')
    plane.addPod('web')
    plane.sim.advance(20_000)
    expect(plane.nodeOf('web')).toBe('node-1')
    expect(plane.scheduler.waiting).toEqual({ active: 0, backoff: 0, unschedulable: 0, inFlight: 0 })
    expect(plane.scheduler.stats).toMatchObject({ bound: 1, errors: 1 })
    expect(plane.events('gone')).toEqual([
      'Warning FailedScheduling: running Bind plugin "DefaultBinder": pods "gone" not found',
    ])
  })
})

describe('what is not modelled', () => {
  test('is warned about, once, and the pod runs', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addPod('web', {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    })
    plane.sim.advance(100)
    expect(plane.nodeOf('web')).toBe('node-1')
    expect(plane.events('web').filter(line => line.startsWith('Warning NotModelled:'))).toHaveLength(1)
  })
})

describe('explaining', () => {
  test('gives every verdict and score of a decision long after the nodes have changed', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    plane.addNode('node-2')
    plane.addNode('node-3', { spec: gpu })
    plane.addPod('hog', { nodeName: 'node-1' }, { cpu: '2', memory: '4Gi' })
    plane.sim.advance(100)
    plane.addPod('web', {}, { cpu: '1', memory: '2Gi' })
    plane.sim.advance(100)
    const then = plane.scheduler.explain('default/web')
    for (let i = 0; i < 5; i++) plane.addPod(`later-${i}`, {}, { cpu: '500m' })
    plane.delete(Pods, 'default', 'hog')
    plane.delete(Nodes, '', 'node-3')
    plane.sim.advance(1000)
    const explained = plane.scheduler.explain('default/web')!
    expect(explained).toEqual(then)
    expect(explained).toMatchObject({
      result: { nodeName: 'node-2' },
      attempt: 1,
      skipped: { filter: ['NodeName', 'NodeAffinity', 'NodePorts'] },
    })
    const [first, second, third] = explained.nodes!
    expect(first).toMatchObject({
      node: 'node-1',
      scores: [
        { plugin: 'NodeResourcesFit', score: 25, weight: 1 },
        { plugin: 'NodeResourcesBalancedAllocation', score: 100, weight: 1 },
      ],
      total: 125,
    })
    expect(second).toMatchObject({ node: 'node-2', total: 175 })
    expect(third?.filters.at(-1)).toEqual({
      plugin: 'TaintToleration',
      reasons: ['node(s) had untolerated taint {dedicated: gpu}'],
    })
    expect(plane.scheduler.explain('default/nobody')).toBeUndefined()
  })
})

describe('crashes', () => {
  test('a scheduler started anew picks up where the last one died', () => {
    const plane = new ControlPlane()
    plane.addNode('node-1')
    for (let i = 0; i < 5; i++) plane.addPod(`a-${i}`)
    plane.crashScheduler()
    for (let i = 0; i < 5; i++) plane.addPod(`b-${i}`)
    plane.sim.advance(1000)
    expect(plane.nodeOf('b-4')).toBeUndefined()
    plane.startScheduler()
    plane.sim.advance(1000)
    for (let i = 0; i < 5; i++)
      expect([plane.nodeOf(`a-${i}`), plane.nodeOf(`b-${i}`)]).toEqual(['node-1', 'node-1'])
  })

  test('the same seed makes the same choices, another seed others', () => {
    const run = (seed: number) => {
      const plane = new ControlPlane({ seed })
      for (let i = 1; i <= 5; i++) plane.addNode(`node-${i}`)
      for (let i = 0; i < 20; i++) plane.addPod(`p-${i}`)
      plane.sim.advance(500)
      return Array.from({ length: 20 }, (_, i) => plane.nodeOf(`p-${i}`)).join()
    }
    expect(run(1)).toBe(run(1))
    expect(run(1)).not.toBe(run(2))
  })
})
