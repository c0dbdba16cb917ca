/**
 * A manifest that somebody else wrote, applied unchanged: the guestbook of kubernetes/examples, as it lies beside
 * the checkout. (Where no published manifests lie there, vitest.config.ts leaves this folder out.)
 */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Pod } from '../../src/api/index.ts'
import { Cluster } from '../../src/cluster/index.ts'

const GUESTBOOK = new URL('../../../shared/manifests/guestbook.yaml', import.meta.url)

describe('the guestbook', () => {
  const cluster = Cluster.create({ nodes: 3, seed: 7 })
  const pods = () => cluster.list('pods')
  const isReady = (pod: Pod) =>
    pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  let frontend = ''

  beforeAll(() => {
    cluster.apply(readFileSync(GUESTBOOK, 'utf8'), 'guestbook.yaml')
    const isUp = cluster.runUntil(() => pods().length === 6 && pods().every(isReady), { within: '2m' })
    expect(isUp).toBe(true)
    cluster.advance('5s')
    frontend = pods().find(pod => pod.metadata.labels?.tier === 'frontend')!.metadata.name
  })

  test('has every Deployment available', () => {
    const table = cluster.kubectl('get deployments').stdout.split('\n')
    expect(table[1]).toMatch(/^frontend\s+3\/3\s+3\s+3 /)
    expect(table[2]).toMatch(/^redis-master\s+1\/1\s+1\s+1 /)
    expect(table[3]).toMatch(/^redis-replica\s+2\/2\s+2\s+2 /)
  })

  test('lets a frontend ask the redis leader through its Service, hop by hop', () => {
    const result = cluster.request(frontend, 'redis://redis-master:6379/PING')
    expect(result).toMatchObject({ ok: true, body: '+PONG' })
    const stages = result.hops.map(hop => hop.stage)
    expect(stages.slice(0, 3)).toEqual(['dns', 'pod', 'nat'])
    expect(stages.slice(-2)).toEqual(['listener', 'reply'])
    const rules = result.hops.flatMap(hop => hop.rules ?? [])
    expect(rules.some(rule => rule.includes('default/redis-master cluster IP'))).toBe(true)
    expect(rules.at(-1)).toContain('-j DNAT --to-destination 10.244.')
  })

  test('remembers what was written through the frontend', () => {
    const write = cluster.request(frontend, 'http://frontend/guestbook.php?cmd=set&key=messages&value=hello')
    expect(write).toMatchObject({ ok: true, status: 200 })
    const read = cluster.request(frontend, 'http://frontend/guestbook.php?cmd=get&key=messages')
    expect(read.body).toContain('hello')
  })

  test('is the same, to the last event, for the same seed', () => {
    const again = Cluster.replay(cluster.recording)
    expect(again.recording.sha256).toBe(cluster.recording.sha256)
  })
})
