import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { describe, expect, test } from 'vitest'
import type { Node, Pod } from '../api/index.ts'
import { RandomStream } from '../sim/index.ts'
import { evaluate, feasibleNodesToFind, selectHost } from './evaluation.ts'
import { countReasons, cutForEvent, describeRejectedPod, describeRejections } from './messages.ts'
import { defaultPlugins } from './plugins/index.ts'
import { Profile } from './profile.ts'
import { cacheOf, node, pod, podInfo, requesting } from './test-objects.ts'

const profile = new Profile(defaultPlugins({ request() {}, watch: () => ({ stop() {} }) }))

function decide(spec: Partial<PodSpec>, nodes: readonly Node[], pods: readonly Pod[] = [], startIndex = 0) {
  return evaluate(profile, cacheOf(nodes, pods), podInfo('web', spec), { startIndex, tieSeed: 1 })
}

/** What `FailedScheduling` would say. */
function message(spec: Partial<PodSpec>, nodes: readonly Node[], pods: readonly Pod[] = []): string {
  const cache = cacheOf(nodes, pods)
  const info = podInfo('web', spec)
  const outcome = evaluate(profile, cache, info, { startIndex: 0, tieSeed: 1 })
  if (outcome.kind !== 'unfit') return outcome.nodeName
  const { podRejection, rejections } = outcome
  const said = podRejection
    ? describeRejectedPod(nodes.length, podRejection)
    : describeRejections(nodes.length, countReasons(rejections.values()))
  return `${said} ${profile.postFilter[0]!.postFilter(info, cache, rejections).message}`
}

const tainted = node('t', { spec: { taints: [{ key: 'key', value: 'value', effect: 'NoSchedule' }] } })
const named = (name: string): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
      },
    },
  },
})

describe('why a pod fits nowhere', () => {
  test.each([
    [
      'reasons are counted and sorted, and preemption has its say',
      message(requesting({ cpu: '9' }), [tainted, node('a'), node('b')]),
      '0/3 nodes are available: 1 node(s) had untolerated taint {key: value}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    ],
    [
      'the first plugin that objects is the one heard, with all its reasons',
      message({ ...requesting({ cpu: '9', memory: '9Gi' }), nodeSelector: { pool: 'x' } }, [
        tainted,
        node('a'),
        node('b', { labels: { pool: 'x' } }),
      ]),
      "0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {key: value}. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    ],
    [
      'cordoned',
      message({}, [node('a', { spec: { unschedulable: true } })]),
      '0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ],
    [
      'a pod that names its node',
      message({ ...named('a'), ...requesting({ memory: '9Gi' }) }, [node('a'), node('b'), node('c')]),
      "0/3 nodes are available: 1 Insufficient memory, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    ],
    [
      'a pod that may not preempt',
      message({ preemptionPolicy: 'Never', ...requesting({ cpu: '9' }) }, [node('a')]),
      '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
    ],
  ])('%s', (_what, said, expected) => expect(said).toBe(expected))

  test('ten comes before two, as text', () => {
    const counts = new Map([
      ['Insufficient cpu', 2],
      ['node(s) were unschedulable', 10],
    ])
    expect(describeRejections(12, counts)).toBe(
      '0/12 nodes are available: 10 node(s) were unschedulable, 2 Insufficient cpu.',
    )
  })

  test('an Event holds 1024 characters', () => {
    expect(cutForEvent('x'.repeat(1024))).toHaveLength(1024)
    const cut = cutForEvent('x'.repeat(1025))
    expect(cut).toHaveLength(1024)
    expect(cut.endsWith('x ...')).toBe(true)
  })
})

describe('who rejected it', () => {
  test('every plugin that had a word in it, the restricting one included', () => {
    const outcome = decide({ ...named('a'), ...requesting({ memory: '9Gi' }) }, [node('a'), node('b')])
    expect(outcome).toMatchObject({ kind: 'unfit', evaluatedNodes: 1 })
    expect(outcome.kind === 'unfit' && [...outcome.rejectedBy].sort()).toEqual([
      'NodeAffinity',
      'NodeResourcesFit',
    ])
  })

  test('pods of lower priority on a node that lacks room are something we do not model', () => {
    const cache = cacheOf(
      [node('a')],
      [pod('low', { priority: -1, nodeName: 'a', ...requesting({ cpu: '3' }) })],
    )
    const info = podInfo('web', requesting({ cpu: '3' }))
    const outcome = evaluate(profile, cache, info, { startIndex: 0, tieSeed: 1 })
    const rejections = outcome.kind === 'unfit' ? outcome.rejections : new Map()
    expect(profile.postFilter[0]!.postFilter(info, cache, rejections).unmodelled).toBeDefined()
  })
})

describe('where a pod goes', () => {
  test('the emptiest node', () => {
    const there = pod('there', { nodeName: 'a', ...requesting({ cpu: '2', memory: '2Gi' }) })
    expect(decide(requesting({ cpu: '1' }), [node('a'), node('b')], [there])).toMatchObject({ nodeName: 'b' })
  })

  test('a soft taint outweighs a little room', () => {
    const there = pod('there', { nodeName: 'a', ...requesting({ cpu: '1', memory: '1Gi' }) })
    const soft = node('b', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } })
    expect(decide(requesting({ cpu: '1' }), [node('a'), soft], [there])).toMatchObject({ nodeName: 'a' })
  })

  test('large clusters are not searched to the end, and the search goes on where it stopped', () => {
    const nodes = Array.from({ length: 200 }, (_, i) => node(`n${i}`))
    const outcome = decide({}, nodes, [], 150)
    expect(outcome).toMatchObject({ kind: 'fits', feasibleNodes: 100, evaluatedNodes: 100 })
    const number = outcome.kind === 'fits' ? Number(outcome.nodeName.slice(1)) : -1
    expect(number >= 150 || number < 50).toBe(true)
  })

  test.each([
    [3, 3],
    [99, 99],
    [100, 100],
    [200, 100],
    [1000, 420],
    [5000, 500],
    [6000, 300],
  ])('of %i nodes %i that fit are enough', (nodes, enough) => expect(feasibleNodesToFind(nodes)).toBe(enough))

  test('equals share alike', () => {
    const hits = [0, 0, 0, 0]
    const random = new RandomStream(1, 'test')
    for (let i = 0; i < 4000; i++) hits[selectHost([7, 9, 9, 9], random.bits())]!++
    expect(hits[0]).toBe(0)
    for (const hit of hits.slice(1)) expect(Math.abs(hit - 4000 / 3)).toBeLessThan(120)
  })

  test('nodes are tried zone by zone in turn', () => {
    const zoned = (name: string, zone: string) =>
      node(name, { labels: { 'topology.kubernetes.io/zone': zone } })
    const cache = cacheOf([
      zoned('a1', 'a'),
      zoned('a2', 'a'),
      zoned('a3', 'a'),
      zoned('b1', 'b'),
      zoned('c1', 'c'),
    ])
    expect(cache.nodes.map(({ name }) => name)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
  })
})
