import { describe, expect, test } from 'vitest'
import { table } from '../../table.ts'
import { Pods } from './index.ts'
import type { Pod } from './types.ts'

const NOW_MS = Date.parse('2026-01-01T01:00:00Z')
const ENDED = { finishedAt: '2026-01-01T00:59:55Z' }

function pod(status: object, fields: { spec?: object; metadata?: object } = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z', ...fields.metadata },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], ...fields.spec },
    status,
  } as unknown as Pod
}

/** READY STATUS RESTARTS, as kubectl shows them. */
function row(object: Pod): string {
  return table(Pods, [object], NOW_MS).rows[0]!.cells.slice(1, 4).join(' ')
}
const container = (name: string, state: object, fields: object = {}) => ({
  name,
  ready: false,
  restartCount: 0,
  state,
  ...fields,
})
const running = (name: string, fields: object = {}) =>
  container(name, { running: {} }, { ready: true, ...fields })

describe('READY STATUS RESTARTS', () => {
  test.each<[row: string, status: object, fields?: { spec?: object; metadata?: object }]>([
    ['0/2 Pending 0', { phase: 'Pending' }],
    ['0/2 Evicted 0', { phase: 'Failed', reason: 'Evicted' }],
    [
      '0/2 SchedulingGated 0',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] },
    ],
    [
      '0/2 ContainerCreating 0',
      {
        phase: 'Pending',
        containerStatuses: [
          container('a', { waiting: { reason: 'ContainerCreating' } }),
          container('b', { waiting: { reason: 'ContainerCreating' } }),
        ],
      },
    ],
    ['2/2 Running 0', { phase: 'Running', containerStatuses: [running('a'), running('b')] }],
    [
      '1/2 CrashLoopBackOff 3 (5s ago)',
      {
        phase: 'Running',
        containerStatuses: [
          running('a'),
          container(
            'b',
            { waiting: { reason: 'CrashLoopBackOff' } },
            { restartCount: 3, lastState: { terminated: ENDED } },
          ),
        ],
      },
    ],
    [
      '0/2 ErrImagePull 0',
      {
        phase: 'Pending',
        containerStatuses: [
          container('a', { waiting: { reason: 'ErrImagePull' } }),
          container('b', { waiting: { reason: 'ContainerCreating' } }),
        ],
      },
    ],
    [
      '0/2 Completed 0',
      {
        phase: 'Succeeded',
        containerStatuses: [
          container('a', { terminated: { exitCode: 0, reason: 'Completed' } }),
          container('b', { terminated: { exitCode: 0, reason: 'Completed' } }),
        ],
      },
    ],
    [
      '0/2 Error 0',
      {
        phase: 'Failed',
        containerStatuses: [
          container('a', { terminated: { exitCode: 0, reason: 'Completed' } }),
          container('b', { terminated: { exitCode: 1, reason: 'Error' } }),
        ],
      },
    ],
    [
      '0/2 Signal:9 0',
      { phase: 'Failed', containerStatuses: [container('a', { terminated: { exitCode: 137, signal: 9 } })] },
    ],
    [
      '0/2 ExitCode:3 0',
      { phase: 'Failed', containerStatuses: [container('a', { terminated: { exitCode: 3 } })] },
    ],
    [
      '1/2 NotReady 0',
      {
        phase: 'Running',
        containerStatuses: [
          container('a', { terminated: { exitCode: 0, reason: 'Completed' } }),
          running('b'),
        ],
      },
    ],
    [
      '1/2 Running 0',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          container('a', { terminated: { exitCode: 0, reason: 'Completed' } }),
          running('b'),
        ],
      },
    ],
    [
      '2/2 Terminating 0',
      { phase: 'Running', containerStatuses: [running('a'), running('b')] },
      { metadata: { deletionTimestamp: '2026-01-01T01:00:00Z' } },
    ],
    [
      '0/2 Unknown 0',
      { phase: 'Running', reason: 'NodeLost' },
      { metadata: { deletionTimestamp: '2026-01-01T01:00:00Z' } },
    ],
  ])('%s', (expected, status, fields) => {
    expect(row(pod(status, fields))).toBe(expected)
  })
})

describe('with init containers', () => {
  const spec = { containers: [{ name: 'a' }], initContainers: [{ name: 'i' }, { name: 'j' }] }
  const waiting = container('a', { waiting: { reason: 'PodInitializing' } })

  test.each<[row: string, states: object[]]>([
    ['0/1 Init:0/2 0', [container('i', { running: {} }), container('j', { waiting: {} })]],
    ['0/1 Init:1/2 0', [container('i', { terminated: { exitCode: 0 } }), container('j', { running: {} })]],
    [
      '0/1 Init:CrashLoopBackOff 2 (5s ago)',
      [
        container(
          'i',
          { waiting: { reason: 'CrashLoopBackOff' } },
          { restartCount: 2, lastState: { terminated: ENDED } },
        ),
      ],
    ],
    ['0/1 Init:Error 0', [container('i', { terminated: { exitCode: 1, reason: 'Error' } })]],
    ['0/1 Init:ExitCode:2 0', [container('i', { terminated: { exitCode: 2 } })]],
    [
      '0/1 PodInitializing 0',
      [container('i', { terminated: { exitCode: 0 } }), container('j', { terminated: { exitCode: 0 } })],
    ],
  ])('%s', (expected, initContainerStatuses) => {
    const status = { phase: 'Pending', initContainerStatuses, containerStatuses: [waiting] }
    expect(row(pod(status, { spec }))).toBe(expected)
  })

  test('a sidecar counts as a container', () => {
    const sidecar = { containers: [{ name: 'a' }], initContainers: [{ name: 's', restartPolicy: 'Always' }] }
    const status = {
      phase: 'Running',
      initContainerStatuses: [running('s', { started: true, restartCount: 1 })],
      containerStatuses: [running('a')],
    }
    expect(row(pod(status, { spec: sidecar }))).toBe('2/2 Running 1')
  })
})

test('-o wide shows address, node, nomination and gates', () => {
  const spec = { nodeName: 'node-1', readinessGates: [{ conditionType: 'x' }, { conditionType: 'y' }] }
  const status = { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'x', status: 'True' }] }
  const { columns, rows } = table(Pods, [pod(status, { spec: { ...spec, containers: [] } })], NOW_MS)
  expect(columns.map(column => column.name)).toEqual([
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
    'IP',
    'Node',
    'Nominated Node',
    'Readiness Gates',
  ])
  expect(rows[0]!.cells).toEqual(['p', '0/0', 'Running', '0', '60m', '10.0.0.1', 'node-1', '<none>', '1/2'])
})
