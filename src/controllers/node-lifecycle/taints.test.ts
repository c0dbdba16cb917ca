import type { NodeSpec, Taint, Toleration } from 'kubernetes-types/core/v1.js'
import { describe, expect, test } from 'vitest'
import type { Node } from '../../api/index.ts'
import { toleratedMsOf } from './taint-eviction.ts'
import { executeTaintKey, withExecuteTaint, withScheduleTaints } from './taints.ts'

const NOW = '2026-01-01T00:00:00Z'
const UNREACHABLE = 'node.kubernetes.io/unreachable'
const NOT_READY = 'node.kubernetes.io/not-ready'

function node(conditions: Record<string, string>, spec: NodeSpec = {}): Node {
  const list = Object.entries(conditions).map(([type, status]) => ({ type, status }))
  return { metadata: { name: 'n' }, spec, status: { conditions: list } } as unknown as Node
}
const keys = (taints: Taint[] | undefined) => taints?.map(({ key }) => key.replace('node.kubernetes.io/', ''))

describe('NoSchedule taints', () => {
  test.each([
    [{ Ready: 'True' }, {}, undefined],
    [{ Ready: 'False' }, {}, ['not-ready']],
    [{ Ready: 'Unknown' }, {}, ['unreachable']],
    [{ Ready: 'True', MemoryPressure: 'True' }, {}, ['memory-pressure']],
    [{ Ready: 'True', DiskPressure: 'True', PIDPressure: 'True' }, {}, ['disk-pressure', 'pid-pressure']],
    [{ Ready: 'True', MemoryPressure: 'Unknown' }, {}, undefined],
    [{ Ready: 'True', NetworkUnavailable: 'True' }, {}, ['network-unavailable']],
    [{ Ready: 'True' }, { unschedulable: true }, ['unschedulable']],
    [{ Ready: 'True' }, { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }, undefined],
    [{ Ready: 'True' }, { taints: [{ key: UNREACHABLE, effect: 'NoSchedule' }] }, []],
    [{ Ready: 'False' }, { taints: [{ key: UNREACHABLE, effect: 'NoSchedule' }] }, ['not-ready']],
    [{ Ready: 'True' }, { taints: [{ key: UNREACHABLE, effect: 'NoExecute' }] }, undefined],
  ])('%j with %j: %j', (conditions, spec, expected) => {
    expect(keys(withScheduleTaints(node(conditions, spec as NodeSpec), NOW))).toEqual(expected)
  })
})

test('the NoExecute taint follows readiness and is swapped, not piled up', () => {
  const dark = node({ Ready: 'Unknown' }, { taints: [{ key: NOT_READY, effect: 'NoExecute' }] })
  expect(withExecuteTaint(dark, executeTaintKey(dark), NOW)).toEqual([
    { key: UNREACHABLE, effect: 'NoExecute', timeAdded: NOW },
  ])
  expect(withExecuteTaint(dark, undefined, NOW)).toEqual([])
})

describe('how long taints are tolerated', () => {
  const taints: Taint[] = [{ key: NOT_READY, effect: 'NoExecute' }]
  const both: Taint[] = [...taints, { key: 'gpu', value: 'a', effect: 'NoExecute' }]
  const forNotReady = (seconds?: number): Toleration => ({
    key: NOT_READY,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: seconds,
  })
  test.each([
    ['none', [], taints, 0],
    ['for ever', [forNotReady()], taints, Number.POSITIVE_INFINITY],
    ['five minutes', [forNotReady(300)], taints, 300_000],
    ['the shortest of several', [forNotReady(300), forNotReady(20)], taints, 20_000],
    ['negative counts as none', [forNotReady(-5)], taints, 0],
    ['one of two taints', [forNotReady(300)], both, 0],
    ['everything', [{ operator: 'Exists' }], both, Number.POSITIVE_INFINITY],
    ['by value', [forNotReady(300), { key: 'gpu', value: 'a' }], both, 300_000],
    ['another value', [forNotReady(300), { key: 'gpu', value: 'b' }], both, 0],
    ['another effect', [{ key: NOT_READY, operator: 'Exists', effect: 'NoSchedule' }], taints, 0],
  ])('%s', (_name, tolerations, present, expectedMs) => {
    expect(toleratedMsOf(tolerations as Toleration[], present)).toBe(expectedMs)
  })
})
