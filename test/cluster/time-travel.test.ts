import { describe, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { UserError } from '../../src/sim/index.ts'

function busyCluster(seed = 3): Cluster {
  const cluster = Cluster.create({ nodes: 3, seed })
  cluster.kubectl('create deployment web --image=nginx --replicas=3')
  cluster.advance('10s')
  cluster.faults.crash('node-2')
  cluster.advance('90s')
  cluster.kubectl('scale deployment web --replicas=5')
  cluster.advance('7s')
  return cluster
}

describe('a recording', () => {
  test('replays to the same trace', () => {
    const { recording } = busyCluster()
    expect(Cluster.replay(recording).recording).toEqual(recording)
  })

  test('survives being written to a file', () => {
    const { recording } = busyCluster()
    const read = JSON.parse(JSON.stringify(recording)) as typeof recording
    expect(Cluster.replay(read).recording.sha256).toBe(recording.sha256)
  })

  test('is the same for the same seed and another for another', () => {
    expect(busyCluster(3).recording.sha256).toBe(busyCluster(3).recording.sha256)
    expect(busyCluster(4).recording.sha256).not.toBe(busyCluster(3).recording.sha256)
  })

  test('does not change when somebody looks', () => {
    const [seen, unseen] = [busyCluster(), busyCluster()]
    seen.list('pods')
    seen.why('deployment/web')
    seen.history('pods')
    seen.advance('30s')
    unseen.advance('30s')
    expect(seen.recording.sha256).toBe(unseen.recording.sha256)
  })
})

describe('going back', () => {
  test('undoes what came after', () => {
    const cluster = busyCluster()
    const replicas = () => cluster.get('deployment', 'web')?.spec.replicas
    expect(replicas()).toBe(5)
    cluster.rewind('60s')
    expect(replicas()).toBe(3)
    cluster.advance('60s')
    expect(replicas()).toBe(3)
  })

  test('goes no further than the beginning', () => {
    const cluster = Cluster.create({ nodes: 1 })
    expect(() => cluster.rewind('1h')).toThrow(UserError)
  })

  test('and forward again gives the same history', () => {
    const cluster = busyCluster()
    const { sha256, end } = cluster.recording
    const later = Cluster.replay(cluster.recording)
    later.advance('5m')
    later.rewind('5m')
    expect(later.position.atMs).toBe(end.atMs)
    expect(later.recording.sha256).toBe(sha256)
  })

  test('a fork goes its own way', () => {
    const cluster = busyCluster()
    const fork = cluster.fork()
    expect(fork.recording.sha256).toBe(cluster.recording.sha256)
    fork.kubectl('delete deployment web')
    fork.advance('60s')
    cluster.advance('60s')
    expect(fork.list('pods', { namespace: 'default' }).length).toBeLessThan(
      cluster.list('pods', { namespace: 'default' }).length,
    )
  })
})

describe('an input that is given up', () => {
  test('is given up again in a replay', () => {
    const cluster = busyCluster()
    const waiting = cluster.begin({
      do: 'kubectl',
      words: ['wait', '--for=delete', 'deployment/web'],
      files: {},
    })
    cluster.advance('20s')
    waiting.cancel()
    cluster.advance('5m')
    expect(waiting.result).toBeUndefined()
    expect(Cluster.replay(cluster.recording).recording.sha256).toBe(cluster.recording.sha256)
  })
})
