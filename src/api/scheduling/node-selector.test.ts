import type { NodeSelectorTerm, PodSpec } from 'kubernetes-types/core/v1.js'
import { describe, expect, test } from 'vitest'
import { matchesRequired, matchesTerm, namedNodes } from './node-selector.ts'

const node = { name: 'node-1', labels: { disk: 'ssd', cores: '8' } }
const requiring = (...nodeSelectorTerms: NodeSelectorTerm[]): PodSpec => ({
  containers: [],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})

describe('a requirement', () => {
  test.each([
    ['disk', 'In', ['hdd', 'ssd'], true],
    ['disk', 'NotIn', ['ssd'], false],
    ['zone', 'NotIn', ['a'], true],
    ['disk', 'Exists', [], true],
    ['zone', 'DoesNotExist', [], true],
    ['cores', 'Gt', ['7'], true],
    ['cores', 'Gt', ['8'], false],
    ['cores', 'Lt', ['9007199254740993'], true],
    ['disk', 'Gt', ['1'], false],
    ['disk', 'Near', ['ssd'], false],
  ])('%s %s %j', (key, operator, values, isMet) => {
    expect(matchesTerm({ matchExpressions: [{ key, operator, values }] }, node)).toBe(isMet)
  })

  test('can name the node', () => {
    const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] }
    expect(matchesTerm(term, node)).toBe(true)
    expect(matchesTerm(term, { name: 'node-2' })).toBe(false)
  })
})

describe('what a pod requires', () => {
  const ssd = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
  const hdd = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['hdd'] }] }

  test('is one of the terms and the whole nodeSelector', () => {
    expect(matchesRequired(requiring(hdd, ssd), node)).toBe(true)
    expect(matchesRequired({ ...requiring(ssd), nodeSelector: { cores: '4' } }, node)).toBe(false)
    expect(matchesRequired({ containers: [], nodeSelector: { disk: 'ssd' } }, { name: 'bare' })).toBe(false)
  })

  test('is met by no node when a term is empty', () =>
    expect(matchesRequired(requiring({}), node)).toBe(false))

  test('names nodes only if every term does', () => {
    const named = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] }
    expect(namedNodes(requiring(named))).toEqual(new Set(['node-1']))
    expect(namedNodes(requiring(named, ssd))).toBeUndefined()
    expect(namedNodes({ containers: [] })).toBeUndefined()
  })
})
