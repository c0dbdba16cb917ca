import { describe, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { UserError } from '../../src/sim/index.ts'

function withWeb(replicas = 3): Cluster {
  const cluster = Cluster.create({ nodes: 3, seed: 5 })
  cluster.kubectl(`create deployment web --image=nginx --replicas=${replicas}`)
  expect(cluster.runUntil(() => ready(cluster) === replicas, { within: '2m' })).toBe(true)
  return cluster
}

function ready(cluster: Cluster): number {
  return cluster.get('deployment', 'web')?.status.readyReplicas ?? 0
}

function readiness(cluster: Cluster, name: string): string | undefined {
  return cluster.get('node', name)?.status.conditions?.find(({ type }) => type === 'Ready')?.status
}

const pods = (cluster: Cluster) => cluster.list('pods', { namespace: 'default' })

describe('a node that dies', () => {
  test('is NotReady after 50 s and loses its pods 300 s later', () => {
    const cluster = withWeb(4)
    const victim = pods(cluster)[0]!.spec.nodeName!
    const diedMs = cluster.sim.now
    cluster.faults.crash(victim)
    expect(cluster.runUntil(() => readiness(cluster, victim) === 'Unknown', { within: '2m' })).toBe(true)
    const unknownMs = cluster.sim.now
    expect(unknownMs - diedMs).toBeGreaterThanOrEqual(40_000)
    expect(unknownMs - diedMs).toBeLessThanOrEqual(56_000)
    const isReplaced = () =>
      pods(cluster).filter(pod => pod.spec.nodeName !== victim && !pod.metadata.deletionTimestamp).length ===
      4
    expect(cluster.runUntil(isReplaced, { within: '10m' })).toBe(true)
    expect(Math.round((cluster.sim.now - unknownMs) / 1000)).toBeGreaterThanOrEqual(299)
    expect(Math.round((cluster.sim.now - unknownMs) / 1000)).toBeLessThanOrEqual(306)
  })

  test('that comes back in time keeps its pods, restarted', () => {
    const cluster = withWeb(4)
    const victim = pods(cluster)[0]!.spec.nodeName!
    const before = pods(cluster).map(pod => pod.metadata.uid)
    cluster.faults.crash(victim)
    cluster.advance('100s')
    cluster.faults.recover(victim)
    expect(cluster.runUntil(() => ready(cluster) === 4, { within: '3m' })).toBe(true)
    expect(pods(cluster).map(pod => pod.metadata.uid)).toEqual(before)
    const restarts = pods(cluster).map(pod => pod.status.containerStatuses?.[0]?.restartCount ?? 0)
    expect(Math.max(...restarts)).toBe(1)
  })
})

describe('a component that crashes', () => {
  test.each(['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager'])(
    '%s comes back and the cluster goes on where it was',
    component => {
      const cluster = withWeb()
      cluster.faults.crash(component)
      cluster.advance('10s')
      cluster.faults.recover(component)
      cluster.advance('30s')
      expect(cluster.kubectl('scale deployment web --replicas=6').exitCode).toBe(0)
      expect(cluster.runUntil(() => ready(cluster) === 6, { within: '3m' })).toBe(true)
      expect(['node-1', 'node-2', 'node-3'].map(name => readiness(cluster, name))).toEqual([
        'True',
        'True',
        'True',
      ])
    },
  )

  test('leaves running pods alone', () => {
    const cluster = withWeb()
    const before = pods(cluster).map(pod => pod.metadata.uid)
    cluster.faults.crash('kube-controller-manager')
    cluster.advance('10m')
    expect(pods(cluster).map(pod => pod.metadata.uid)).toEqual(before)
  })
})

describe('a node that is cut off', () => {
  test('is NotReady until the link heals', () => {
    const cluster = withWeb()
    cluster.faults.cut('node-1', 'kube-apiserver')
    expect(cluster.runUntil(() => readiness(cluster, 'node-1') === 'Unknown', { within: '2m' })).toBe(true)
    cluster.faults.heal()
    expect(cluster.runUntil(() => readiness(cluster, 'node-1') === 'True', { within: '2m' })).toBe(true)
  })
})

describe('a fault that makes no sense', () => {
  test.each([
    ['an unknown name', (cluster: Cluster) => cluster.faults.crash('node-9')],
    ['recovering what runs', (cluster: Cluster) => cluster.faults.recover('etcd')],
    ['cutting a link of nobody', (cluster: Cluster) => cluster.faults.cut('moon')],
    ['adding a node twice', (cluster: Cluster) => cluster.addNode({ name: 'node-1' })],
  ])('%s is refused', (_, act) => {
    expect(() => act(Cluster.create({ nodes: 1 }))).toThrow(UserError)
  })
})
