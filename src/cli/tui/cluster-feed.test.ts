import { describe, expect, test } from 'vitest'
import { Cluster } from '../../cluster/index.ts'
import { ClusterFeed } from './cluster-feed.ts'

function boot(replicas: number) {
  const cluster = Cluster.create({ nodes: 2, seed: 3 })
  const feed = new ClusterFeed(cluster)
  cluster.kubectl(`create deployment web --image=nginx --replicas=${replicas}`)
  cluster.advance('10s')
  feed.refresh(0)
  return { cluster, feed }
}

/** What kubectl says of the same pods. */
function podsByKubectl(cluster: Cluster): string[] {
  return cluster
    .kubectl('get pods --no-headers')
    .stdout.trim()
    .split('\n')
    .map(line => {
      const [name, , status] = line.split(/\s+/)
      return `${name} ${status}`
    })
}

function podsByFeed({ nodes, unscheduled }: ClusterFeed): string[] {
  return [...nodes.flatMap(node => node.pods), ...unscheduled]
    .map(({ name, status }) => `${name} ${status}`)
    .sort()
}

describe('the feed', () => {
  test('sees the pods that kubectl sees, on their nodes', () => {
    const { cluster, feed } = boot(5)
    expect(podsByFeed(feed)).toEqual(podsByKubectl(cluster))
    expect(feed.podsReady).toBe(5)
    for (const node of feed.nodes) for (const pod of node.pods) expect(pod.nodeName).toBe(node.name)
  })

  test('keeps every value as it is while nothing changes', () => {
    const { cluster, feed } = boot(2)
    feed.refresh(10_000)
    const { nodes, events, unscheduled } = feed
    cluster.advance('5s')
    feed.refresh(10_066)
    expect([feed.nodes, feed.events, feed.unscheduled]).toEqual([nodes, events, unscheduled])
    expect(feed.nodes).toBe(nodes)
  })

  test('follows pods that go, and forgets them', () => {
    const { cluster, feed } = boot(4)
    cluster.kubectl('scale deployment/web --replicas=1')
    const isKilled = () => cluster.list('pods').some(pod => pod.metadata.deletionTimestamp)
    expect(cluster.runUntil(isKilled, { within: '5s' })).toBe(true)
    feed.refresh(66)
    expect(podsByFeed(feed).join()).toContain('Terminating')
    cluster.advance('60s')
    feed.refresh(132)
    expect(podsByFeed(feed)).toEqual(podsByKubectl(cluster))
    expect(feed.podsTotal).toBe(1)
  })

  test('shows news as news for a moment only', () => {
    const { feed } = boot(2)
    const flashes = () => feed.nodes.flatMap(node => node.pods.map(pod => pod.flash))
    expect(flashes()).toContain('added')
    feed.refresh(5000)
    expect(flashes()).toEqual([undefined, undefined])
  })

  test('has pods that no node can take in their own place', () => {
    const { cluster, feed } = boot(1)
    for (const node of ['node-1', 'node-2']) cluster.kubectl(`cordon ${node}`)
    cluster.kubectl('scale deployment/web --replicas=3')
    cluster.advance('2s')
    feed.refresh(66)
    expect(feed.unscheduled).toHaveLength(2)
    expect(feed.nodes.every(node => node.isCordoned)).toBe(true)
    expect(feed.events.some(event => event.isWarning && event.reason === 'FailedScheduling')).toBe(true)
  })

  test('knows of a lost machine before the API does', () => {
    const { cluster, feed } = boot(1)
    cluster.faults.crash('node-2')
    feed.refresh(66)
    expect(feed.nodes[1]).toMatchObject({ name: 'node-2', isUp: false, isReady: true })
    cluster.advance('70s')
    feed.refresh(132)
    expect(feed.nodes[1]).toMatchObject({ isUp: false, isReady: false, status: 'NotReady' })
    expect(feed.nodesReady).toBe(1)
  })

  test('goes on after etcd has crashed and come back, and after a rewind', () => {
    const { cluster, feed } = boot(3)
    cluster.faults.crash('etcd')
    cluster.advance('5s')
    cluster.faults.recover('etcd')
    cluster.advance('30s')
    cluster.kubectl('scale deployment/web --replicas=4')
    cluster.advance('10s')
    feed.refresh(66)
    expect(podsByFeed(feed)).toEqual(podsByKubectl(cluster))
    cluster.rewind('30s')
    feed.refresh(132)
    expect(podsByFeed(feed)).toEqual(podsByKubectl(cluster))
  })
})
