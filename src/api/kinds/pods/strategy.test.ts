import { describe, expect, test } from 'vitest'
import { refusalOf, testContext, texts } from '../shared/strategy.testing.ts'
import { Pods } from './index.ts'
import type { Pod } from './types.ts'

const strategy = Pods.strategy
const context = testContext()

function pod(fields: { metadata?: object; spec?: object; status?: object } = {}): Pod {
  return strategy.defaults!({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', ...fields.metadata },
    spec: { containers: [{ name: 'c', image: 'a:1' }], ...fields.spec },
    status: { phase: 'Pending', ...fields.status },
  } as unknown as Pod)
}

describe('on create', () => {
  test.each<[resources: object, qosClass: string]>([
    [{}, 'BestEffort'],
    [{ requests: { cpu: '0' } }, 'BestEffort'],
    [{ requests: { cpu: '1' } }, 'Burstable'],
    [{ limits: { cpu: '1' } }, 'Burstable'],
    [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
    [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }, 'Burstable'],
  ])('resources %j are %s', (resources, qosClass) => {
    const containers = [{ name: 'c', image: 'a', resources }]
    const given = pod({ spec: { containers }, status: { phase: 'Running', podIP: '1.2.3.4' } })
    expect(strategy.prepareForCreate!(given, context).status).toEqual({ phase: 'Pending', qosClass })
  })

  test('a gated pod says that it waits', () => {
    const gated = strategy.prepareForCreate!(pod({ spec: { schedulingGates: [{ name: 'a' }] } }), context)
    expect(gated.status.conditions).toMatchObject([{ type: 'PodScheduled', reason: 'SchedulingGated' }])
  })
})

test.each<[what: string, fields: Parameters<typeof pod>[0], requested: number | undefined, seconds: number]>([
  ['running', { spec: { nodeName: 'n' } }, undefined, 30],
  ['running, with a wish', { spec: { nodeName: 'n' } }, 5, 5],
  ['running, killed', { spec: { nodeName: 'n' } }, 0, 0],
  ['running, below zero', { spec: { nodeName: 'n', terminationGracePeriodSeconds: -3 } }, undefined, 1],
  ['never scheduled', {}, undefined, 0],
  ['never scheduled, with a wish', {}, 60, 0],
  ['succeeded', { spec: { nodeName: 'n' }, status: { phase: 'Succeeded' } }, undefined, 0],
  ['failed', { spec: { nodeName: 'n' }, status: { phase: 'Failed' } }, undefined, 0],
])('a pod %s', (_, fields, requested, seconds) => {
  expect(strategy.gracePeriodSeconds!(pod(fields), requested)).toBe(seconds)
})

describe('binding', () => {
  const bind = (target: Pod, body: object = { target: { kind: 'Node', name: 'n1' } }) =>
    Pods.actions!.binding!.apply!(target, body, context)

  test('gives the pod its node and the condition', () => {
    const bound = bind(pod())
    expect(bound.spec.nodeName).toBe('n1')
    expect(bound.status).toEqual({
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    })
  })

  test('replaces the condition that said it could not be scheduled', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]
    expect(bind(pod({ status: { conditions } })).status.conditions).toMatchObject([{ status: 'True' }])
  })

  test.each<[what: string, target: Pod, body: object | undefined, message: string]>([
    [
      'a pod that has a node',
      pod({ spec: { nodeName: 'n2' } }),
      undefined,
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n2"',
    ],
    [
      'a pod that is being deleted',
      pod({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      undefined,
      'Operation cannot be fulfilled on pods/binding "p": pod p is being deleted, cannot be assigned to a host',
    ],
    [
      'to no node',
      pod(),
      { target: { kind: 'Node', name: '' } },
      'Binding "p" is invalid: target.name: Required value',
    ],
  ])('is refused: %s', (_, target, body, message) => {
    expect(refusalOf(() => bind(target, body))).toBe(message)
  })
})

describe('on update', () => {
  const old = pod({ spec: { tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 10 } })
  const complaints = (spec: object) =>
    texts(strategy.validateUpdate!({ ...old, spec: { ...old.spec, ...spec } }, old))
  const FORBIDDEN =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
  const c = old.spec.containers[0]!

  test.each<[what: string, spec: object, complaints: string[]]>([
    ['nothing', {}, []],
    ['an image', { containers: [{ ...c, image: 'b:2' }] }, []],
    ['no image', { containers: [{ ...c, image: '' }] }, ['spec.containers[0].image: Required value']],
    ['a command', { containers: [{ ...c, command: ['x'] }] }, [FORBIDDEN]],
    ['a node', { nodeName: 'n' }, [FORBIDDEN]],
    [
      'another container',
      { containers: [c, { ...c, name: 'd' }] },
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    [
      'one toleration more',
      { tolerations: [...old.spec.tolerations!, { key: 'b', operator: 'Exists' }] },
      [],
    ],
    [
      'one toleration less',
      { tolerations: [] },
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    ['less time', { activeDeadlineSeconds: 5 }, []],
    [
      'more time',
      { activeDeadlineSeconds: 20 },
      ['spec.activeDeadlineSeconds: Invalid value: 20: must be less than or equal to previous value'],
    ],
    [
      'a new gate',
      { schedulingGates: [{ name: 'g' }] },
      [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'g'",
      ],
    ],
  ])('%s', (_, spec, expected) => {
    expect(complaints(spec)).toEqual(expected)
  })

  test('a container that ended in a pod that never restarts stays ended', () => {
    const state = (value: object) => ({ containerStatuses: [{ name: 'c', state: value }] })
    const ended = pod({ spec: { restartPolicy: 'Never' }, status: state({ terminated: { exitCode: 1 } }) })
    const revived = { ...ended, status: { phase: 'Running', ...state({ running: {} }) } } as unknown as Pod
    expect(texts(strategy.validateStatusUpdate!(revived, ended))).toEqual([
      'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    ])
  })
})
