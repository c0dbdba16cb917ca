import { describe, expect, test } from 'vitest'
import type { Plugin } from '../framework.ts'
import { spreadScores } from '../framework.ts'
import { cacheOf, node, nodeInfo, pod, podInfo, requesting } from '../test-objects.ts'
import { nodeAffinity } from './node-affinity.ts'
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts'
import { nodeResourcesFit } from './node-resources-fit.ts'
import { taintToleration } from './taint-toleration.ts'

describe('NodeResourcesFit: LeastAllocated', () => {
  // Of 4 cores and 8Gi; a container that requests nothing counts as 100m and 200Mi.
  test.each<[string, Record<string, string>, number]>([
    ['an empty node, a pod that requests nothing: (97 + 97) / 2', {}, 97],
    ['half of both: (50 + 50) / 2', { cpu: '2', memory: '4Gi' }, 50],
    ['half the cpu: (50 + 97) / 2, rounded down', { cpu: '2' }, 73],
    ['all of both', { cpu: '4', memory: '8Gi' }, 0],
    ['more than there is counts as none left', { cpu: '5', memory: '4Gi' }, 25],
  ])('%s', (_what, requests, expected) => {
    expect(nodeResourcesFit.score?.(podInfo('p', requesting(requests)), nodeInfo(node('n')), undefined)).toBe(
      expected,
    )
  })

  test('what is on the node counts, defaults included', () => {
    const there = nodeInfo(node('n'), [pod('a', requesting({ cpu: '1900m' }))])
    // cpu (4000 - 1900 - 100) / 4000 = 50, memory (8192 - 200 - 200) / 8192 = 95
    expect(nodeResourcesFit.score?.(podInfo('p'), there, undefined)).toBe(72)
  })
})

describe('NodeResourcesBalancedAllocation', () => {
  test.each<[string, Record<string, string>, number]>([
    ['like shares are best', { cpu: '2', memory: '4Gi' }, 100],
    ['all cpu, no memory', { cpu: '4' }, 50],
    ['a quarter and a half: distance 0.25, deviation 0.125', { cpu: '1', memory: '4Gi' }, 87],
    ['shares end at one', { cpu: '8', memory: '8Gi' }, 100],
  ])('%s', (_what, requests, expected) => {
    const info = podInfo('p', requesting(requests))
    expect(nodeResourcesBalancedAllocation.score?.(info, nodeInfo(node('n')), undefined)).toBe(expected)
  })

  test('pods that request nothing skip it', () => {
    expect(nodeResourcesBalancedAllocation.preScore?.(podInfo('p'), () => [], cacheOf([]))).toBe('skip')
  })
})

/** Scores of all nodes, normalised; 'skip' when the plugin has nothing to say. */
function scores(plugin: Plugin, info: ReturnType<typeof podInfo>, nodes: Parameters<typeof cacheOf>[0]) {
  const cache = cacheOf(nodes)
  const prepared = plugin.preScore?.(info, () => cache.nodes, cache)
  if (prepared === 'skip') return 'skip'
  const raw = cache.nodes.map(each => plugin.score!(info, each, prepared?.state))
  plugin.normalizeScores?.(raw)
  return raw
}

describe('TaintToleration', () => {
  const taint = (key: string) => ({ key, effect: 'PreferNoSchedule' })
  const nodes = [
    node('none'),
    node('one', { spec: { taints: [taint('a')] } }),
    node('two', { spec: { taints: [taint('a'), taint('b')] } }),
  ]

  test('fewer PreferNoSchedule taints are better', () => {
    expect(scores(taintToleration, podInfo('p'), nodes)).toEqual([100, 50, 0])
  })

  test('tolerated ones do not count', () => {
    const tolerant = podInfo('p', { tolerations: [{ key: 'a', operator: 'Exists' }] })
    expect(scores(taintToleration, tolerant, nodes)).toEqual([100, 100, 0])
  })

  test('it says nothing where no node has such a taint', () => {
    expect(scores(taintToleration, podInfo('p'), [node('a')])).toBe('skip')
  })
})

describe('NodeAffinity', () => {
  const prefer = (weight: number, zone: string) => ({
    weight,
    preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] },
  })
  const nodes = ['a', 'b', 'c'].map(zone => node(zone, { labels: { zone } }))

  test('weights of the preferences met are added up and spread to 100', () => {
    const info = podInfo('p', {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            prefer(30, 'a'),
            prefer(10, 'b'),
            prefer(10, 'a'),
          ],
        },
      },
    })
    expect(scores(nodeAffinity, info, nodes)).toEqual([100, 25, 0])
  })

  test('no preference, no word', () => {
    expect(scores(nodeAffinity, podInfo('p'), nodes)).toBe('skip')
  })
})

describe('spreading scores', () => {
  test.each([
    [[0, 0], false, [0, 0]],
    [[0, 0], true, [100, 100]],
    [[1, 3], false, [33, 100]],
    [[1, 3], true, [67, 0]],
  ])('%j, reversed %j', (before, isReversed, after) => {
    const list = [...before]
    spreadScores(list, 100, isReversed)
    expect(list).toEqual(after)
  })
})
