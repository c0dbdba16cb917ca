import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { describe, expect, test } from 'vitest'
import { type ClusterEvent, EVENTS, nodeChanges, podChanges } from '../cluster-event.ts'
import type { Change } from '../framework.ts'
import { Profile } from '../profile.ts'
import { type NodeParts, node, pod, podInfo, requesting } from '../test-objects.ts'
import { defaultPlugins } from './index.ts'

const profile = new Profile(defaultPlugins({ request() {}, watch: () => ({ stop() {} }) }))

/** Whether a pod that the plugin rejected is woken by any of these events. */
function isWoken(
  plugin: string,
  spec: Partial<PodSpec>,
  events: readonly ClusterEvent[],
  change: Change,
): boolean {
  const info = podInfo('waiting', spec)
  return events.some(event => profile.isWorthRetrying(info, new Set([plugin]), event, change))
}

const nodeUpdate = (plugin: string, spec: Partial<PodSpec>, before: NodeParts, after: NodeParts) => {
  const [oldNode, newNode] = [node('n', before), node('n', after)]
  return isWoken(plugin, spec, nodeChanges(newNode, oldNode), { node: newNode, oldNode })
}
const nodeAdd = (plugin: string, spec: Partial<PodSpec>, parts: NodeParts) =>
  isWoken(plugin, spec, [EVENTS.nodeAdd], { node: node('n', parts) })
const podGone = (plugin: string, spec: Partial<PodSpec>, gone: Partial<PodSpec>) =>
  isWoken(plugin, spec, [EVENTS.assignedPodDelete], { oldPod: pod('gone', { nodeName: 'n', ...gone }) })

const big = requesting({ cpu: '3' })
const tainted = { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }
const port = (hostPort: number): Partial<PodSpec> => ({
  containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort }] }],
})

describe('what wakes a pod rejected by', () => {
  test.each<[string, boolean, boolean]>([
    ['NodeResourcesFit: a node with room', true, nodeAdd('NodeResourcesFit', big, {})],
    [
      'NodeResourcesFit: a node too small even when empty',
      false,
      nodeAdd('NodeResourcesFit', big, { allocatable: { cpu: '2' } }),
    ],
    [
      'NodeResourcesFit: more of what it needs',
      true,
      nodeUpdate('NodeResourcesFit', big, { allocatable: { cpu: '2' } }, {}),
    ],
    [
      'NodeResourcesFit: more of something else',
      false,
      nodeUpdate('NodeResourcesFit', big, {}, { allocatable: { memory: '9Gi' } }),
    ],
    ['NodeResourcesFit: a label', false, nodeUpdate('NodeResourcesFit', big, {}, { labels: { a: 'b' } })],
    ['NodeResourcesFit: a pod that went', true, podGone('NodeResourcesFit', big, {})],
    [
      'NodeAffinity: a node that matches',
      true,
      nodeAdd('NodeAffinity', { nodeSelector: { a: 'b' } }, { labels: { a: 'b' } }),
    ],
    ['NodeAffinity: a node that does not', false, nodeAdd('NodeAffinity', { nodeSelector: { a: 'b' } }, {})],
    [
      'NodeAffinity: the label it waited for',
      true,
      nodeUpdate('NodeAffinity', { nodeSelector: { a: 'b' } }, {}, { labels: { a: 'b' } }),
    ],
    [
      'NodeAffinity: a label on a node that matched before',
      false,
      nodeUpdate(
        'NodeAffinity',
        { nodeSelector: { a: 'b' } },
        { labels: { a: 'b' } },
        { labels: { a: 'b', c: 'd' } },
      ),
    ],
    ['NodeAffinity: a pod that went', false, podGone('NodeAffinity', {}, {})],
    ['TaintToleration: the taint removed', true, nodeUpdate('TaintToleration', {}, tainted, {})],
    ['TaintToleration: a taint added', false, nodeUpdate('TaintToleration', {}, {}, tainted)],
    ['TaintToleration: a tainted node', false, nodeAdd('TaintToleration', {}, tainted)],
    ['TaintToleration: an untainted one', true, nodeAdd('TaintToleration', {}, {})],
    [
      'NodeUnschedulable: uncordoned',
      true,
      nodeUpdate('NodeUnschedulable', {}, { spec: { unschedulable: true } }, {}),
    ],
    [
      'NodeUnschedulable: cordoned',
      false,
      nodeUpdate('NodeUnschedulable', {}, {}, { spec: { unschedulable: true } }),
    ],
    ['NodePorts: a pod that held the port', true, podGone('NodePorts', port(80), port(80))],
    ['NodePorts: a pod that held another', false, podGone('NodePorts', port(80), port(81))],
    ['NodeName: any new node', true, nodeAdd('NodeName', {}, {})],
  ])('%s: %j', (_what, expected, woken) => expect(woken).toBe(expected))

  test('its own tolerations and gates, not those of others', () => {
    const before = pod('waiting', { schedulingGates: [{ name: 'g' }] })
    const after = pod('waiting', { tolerations: [{ operator: 'Exists' }] })
    const events = podChanges(after, before)
    expect(isWoken('TaintToleration', {}, events, { pod: after, oldPod: before })).toBe(true)
    expect(isWoken('SchedulingGates', {}, events, { pod: after, oldPod: before })).toBe(true)
    const other = pod('other', { tolerations: [{ operator: 'Exists' }] })
    expect(isWoken('TaintToleration', {}, events, { pod: other, oldPod: before })).toBe(false)
  })

  test('a heartbeat is no event at all', () => {
    const [oldNode, newNode] = [node('n'), node('n')]
    expect(nodeChanges(newNode, oldNode)).toEqual([])
    expect(podChanges(pod('p'), pod('p', {}))).toEqual([
      expect.objectContaining({ resource: 'UnscheduledPod' }),
    ])
  })

  test('nobody asks for pods that came to a node, so nothing is done about them', () => {
    expect(profile.isOfInterest(EVENTS.assignedPodAdd)).toBe(false)
    expect(profile.isOfInterest(EVENTS.assignedPodDelete)).toBe(true)
  })
})
