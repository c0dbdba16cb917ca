import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { describe, expect, test } from 'vitest'
import type { Pod } from '../../api/index.ts'
import type { Plugin } from '../framework.ts'
import { cacheOf, type NodeParts, node, nodeInfo, pod, podInfo, requesting } from '../test-objects.ts'
import { nodeAffinity } from './node-affinity.ts'
import { nodeName } from './node-name.ts'
import { nodePorts } from './node-ports.ts'
import { nodeResourcesFit } from './node-resources-fit.ts'
import { nodeUnschedulable } from './node-unschedulable.ts'
import { schedulingGates } from './scheduling-gates.ts'
import { taintToleration } from './taint-toleration.ts'

/** What the plugin has against the pod on the node: reasons, `unresolvable` first where removing pods is no help. */
function against(
  plugin: Plugin,
  spec: Partial<PodSpec>,
  on: NodeParts = {},
  pods: readonly Pod[] = [],
): string[] {
  const info = podInfo('web', spec)
  const stored = node('node-1', on)
  const prepared = plugin.preFilter?.(info, cacheOf([stored]))
  if (prepared === 'skip') return []
  const rejection =
    prepared && 'rejection' in prepared
      ? prepared.rejection
      : plugin.filter?.(info, nodeInfo(stored, pods), prepared?.state)
  if (!rejection) return []
  expect(rejection.plugin).toBe(plugin.name)
  return rejection.isUnresolvable ? ['unresolvable', ...rejection.reasons] : [...rejection.reasons]
}

describe('NodeName', () => {
  const other = ['unresolvable', "node(s) didn't match the requested node name"]
  test.each([
    ['no name fits everywhere', {}, []],
    ['its own name', { nodeName: 'node-1' }, []],
    ["another's name", { nodeName: 'node-2' }, other],
  ])('%s', (_what, spec, expected) => expect(against(nodeName, spec)).toEqual(expected))
})

describe('NodeUnschedulable', () => {
  const cordoned = { spec: { unschedulable: true } }
  const toleration = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }
  test.each([
    ['a node that is not cordoned', {}, {}, []],
    ['a cordoned node', {}, cordoned, ['unresolvable', 'node(s) were unschedulable']],
    ['a pod that tolerates it', { tolerations: [toleration] }, cordoned, []],
  ])('%s', (_what, spec, on, expected) => expect(against(nodeUnschedulable, spec, on)).toEqual(expected))
})

describe('TaintToleration', () => {
  const gpu = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }
  const said = ['unresolvable', 'node(s) had untolerated taint {dedicated: gpu}']
  test.each([
    ['no taints', [], [], []],
    ['a taint that nobody tolerates', [gpu], [], said],
    ['key and value tolerated', [gpu], [{ key: 'dedicated', operator: 'Equal', value: 'gpu' }], []],
    ['an operator left out means Equal', [gpu], [{ key: 'dedicated', value: 'gpu' }], []],
    ['another value', [gpu], [{ key: 'dedicated', operator: 'Equal', value: 'cpu' }], said],
    ['the key, whatever its value', [gpu], [{ key: 'dedicated', operator: 'Exists' }], []],
    ['another effect', [gpu], [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }], said],
    ['everything tolerated', [gpu], [{ operator: 'Exists' }], []],
    ['PreferNoSchedule keeps nobody out', [{ ...gpu, effect: 'PreferNoSchedule' }], [], []],
    [
      'NoExecute keeps out too, and the first untolerated taint is named',
      [gpu, { key: 'down', effect: 'NoExecute' }],
      [{ key: 'dedicated', operator: 'Exists' }],
      ['unresolvable', 'node(s) had untolerated taint {down: }'],
    ],
  ])('%s', (_what, taints, tolerations, expected) => {
    expect(against(taintToleration, { tolerations }, { spec: { taints } })).toEqual(expected)
  })
})

describe('NodeAffinity', () => {
  const no = ['unresolvable', "node(s) didn't match Pod's node affinity/selector"]
  const required = (...nodeSelectorTerms: object[]): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    } as PodSpec['affinity'],
  })
  const expression = (key: string, operator: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  })
  const named = (...values: string[]) => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values }] })
  test.each<[string, Partial<PodSpec>, string[]]>([
    ['no wish', {}, []],
    ['nodeSelector met', { nodeSelector: { zone: 'a' } }, []],
    ['nodeSelector not met', { nodeSelector: { zone: 'b' } }, no],
    ['nodeSelector met in part', { nodeSelector: { zone: 'a', disk: 'ssd' } }, no],
    ['In', required(expression('zone', 'In', 'a', 'b')), []],
    ['In, without the value', required(expression('zone', 'In', 'b')), no],
    ['NotIn', required(expression('zone', 'NotIn', 'b')), []],
    ['NotIn, label absent', required(expression('disk', 'NotIn', 'b')), []],
    ['Exists', required(expression('zone', 'Exists')), []],
    ['DoesNotExist', required(expression('zone', 'DoesNotExist')), no],
    ['Gt', required(expression('cores', 'Gt', '7')), []],
    ['Gt compares numbers, not text', required(expression('cores', 'Gt', '10')), no],
    ['Lt', required(expression('cores', 'Lt', '10')), []],
    ['Gt on a label that is no number', required(expression('zone', 'Gt', '1')), no],
    ['one of two terms', required(expression('zone', 'In', 'b'), expression('zone', 'In', 'a')), []],
    ['an empty term matches nothing', required({}), no],
    ['its name', required(named('node-1')), []],
    [
      'the selector and the affinity, both',
      { nodeSelector: { zone: 'b' }, ...required(named('node-1')) },
      no,
    ],
    [
      'terms that name no node',
      required({ matchFields: [...named('a').matchFields, ...named('b').matchFields] }),
      ['unresolvable', 'pod affinity terms conflict'],
    ],
  ])('%s', (_what, spec, expected) => {
    expect(against(nodeAffinity, spec, { labels: { zone: 'a', cores: '8' } })).toEqual(expected)
  })

  test('a pod that names its nodes is tried nowhere else', () => {
    const result = nodeAffinity.preFilter(podInfo('p', required(named('a', 'b'), named('c'))), cacheOf([]))
    expect(result).toMatchObject({ onlyNodes: new Set(['a', 'b', 'c']) })
    const open = nodeAffinity.preFilter(
      podInfo('p', required(named('a'), expression('zone', 'Exists'))),
      cacheOf([]),
    )
    expect(open).toEqual({ state: undefined, onlyNodes: undefined })
  })
})

describe('NodePorts', () => {
  const no = ["node(s) didn't have free ports for the requested pod ports"]
  const ports = (...list: { hostPort?: number; hostIP?: string; protocol?: string }[]): Partial<PodSpec> => ({
    containers: [{ name: 'c', image: 'i', ports: list.map(port => ({ containerPort: 80, ...port })) }],
  })
  test.each([
    ['no host ports', ports({}), []],
    ['another port', ports({ hostPort: 81 }), []],
    ['the same port', ports({ hostPort: 8080 }), no],
    ['the same port of another protocol', ports({ hostPort: 8080, protocol: 'UDP' }), []],
    ['one address of a port taken on all', ports({ hostPort: 8080, hostIP: '10.0.0.1' }), no],
    ['another address', ports({ hostPort: 9090, hostIP: '10.0.0.2' }), []],
    ['every address of a port taken on one', ports({ hostPort: 9090 }), no],
  ])('%s', (_what, spec, expected) => {
    const there = pod('there', ports({ hostPort: 8080 }, { hostPort: 9090, hostIP: '10.0.0.1' }))
    expect(against(nodePorts, spec, {}, [there])).toEqual(expected)
  })

  test('a port is free again once its pod has gone', () => {
    const cache = cacheOf([node('node-1')], [])
    const there = pod('there', { ...ports({ hostPort: 8080 }), nodeName: 'node-1' })
    const wanted = podInfo('web', ports({ hostPort: 8080 }))
    cache.addPod(there)
    expect(nodePorts.filter?.(wanted, cache.get('node-1')!, undefined)).toBeDefined()
    cache.removePod(there)
    expect(nodePorts.filter?.(wanted, cache.get('node-1')!, undefined)).toBeUndefined()
  })
})

describe('NodeResourcesFit', () => {
  const half = pod('half', requesting({ cpu: '2', memory: '4Gi' }))
  test.each<[string, Record<string, string>, string[]]>([
    ['what is left', { cpu: '2', memory: '4Gi' }, []],
    ['one thousandth more', { cpu: '2001m' }, ['Insufficient cpu']],
    ['memory', { memory: '4097Mi' }, ['Insufficient memory']],
    ['both', { cpu: '100', memory: '100Gi' }, ['Insufficient cpu', 'Insufficient memory']],
    [
      'ephemeral storage the node has not',
      { 'ephemeral-storage': '1Gi' },
      ['Insufficient ephemeral-storage'],
    ],
    ['a device', { 'example.com/gpu': '1' }, []],
    ['more devices than there are', { 'example.com/gpu': '3' }, ['Insufficient example.com/gpu']],
    ['a device the node has not', { 'example.com/tpu': '1' }, ['Insufficient example.com/tpu']],
  ])('%s', (_what, requests, expected) => {
    const on = { allocatable: { 'example.com/gpu': '2' } }
    expect(against(nodeResourcesFit, requesting(requests), on, [half])).toEqual(expected)
  })

  test('a node takes no more pods than it says', () => {
    const on = { allocatable: { pods: '1' } }
    expect(against(nodeResourcesFit, {}, on, [])).toEqual([])
    expect(against(nodeResourcesFit, {}, on, [half])).toEqual(['Too many pods'])
    expect(against(nodeResourcesFit, requesting({ cpu: '3' }), on, [half])).toEqual([
      'Too many pods',
      'Insufficient cpu',
    ])
  })

  test('a pod that requests nothing fits a node that is overcommitted', () => {
    const huge = pod('huge', requesting({ cpu: '9' }))
    expect(against(nodeResourcesFit, {}, {}, [huge])).toEqual([])
    expect(against(nodeResourcesFit, requesting({ memory: '1Gi' }), {}, [huge])).toEqual([])
  })
})

describe('SchedulingGates', () => {
  test('gates keep a pod out of the queue, and are named', () => {
    const gated = pod('gated', { schedulingGates: [{ name: 'a.io/x' }, { name: 'b.io/y' }] })
    expect(schedulingGates.preEnqueue?.(gated)?.reasons).toEqual([
      'waiting for scheduling gates: [a.io/x b.io/y]',
    ])
    expect(schedulingGates.preEnqueue?.(pod('free'))).toBeUndefined()
  })
})
