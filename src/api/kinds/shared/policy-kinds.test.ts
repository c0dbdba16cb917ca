import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import { LimitRanges } from '../limitranges/index.ts'
import { PriorityClasses } from '../priorityclasses/index.ts'
import { ResourceQuotas } from '../resourcequotas/index.ts'
import { RuntimeClasses } from '../runtimeclasses/index.ts'
import { changeComplaints, complaints, row, stored } from './kinds.testing.ts'

const named = (name: string, fields: object) => ({ metadata: { name }, ...fields })
const limits = (...items: object[]) => ({ spec: { limits: items } })

test('a container is limited by the maximum and asks for the minimum, unless told otherwise', () => {
  const range = limits({ type: 'Container', max: { cpu: '2', memory: '1Gi' }, min: { cpu: '0.1' } })
  expect(stored(LimitRanges, range)).toMatchObject(
    limits({
      default: { cpu: '2', memory: '1Gi' },
      defaultRequest: { cpu: '2', memory: '1Gi' },
      min: { cpu: '100m' },
    }),
  )
})

test('a priority class preempts, and is counted once', () => {
  expect(stored(PriorityClasses, { value: 1 })).toMatchObject({
    preemptionPolicy: 'PreemptLowerPriority',
    metadata: { generation: 1 },
  })
})

test.each<[kind: AnyKind, object: object, row: string]>([
  [PriorityClasses, { value: 1000 }, 'Value=1000 Global-Default=false PreemptionPolicy=PreemptLowerPriority'],
  [RuntimeClasses, { handler: 'runsc' }, 'Handler=runsc'],
  [LimitRanges, limits(), 'Created At=2026-01-01T00:00:00Z'],
  [
    ResourceQuotas,
    {
      spec: {},
      status: { hard: { pods: '10', 'limits.cpu': '4', 'requests.cpu': '2' }, used: { pods: '3' } },
    },
    'Request=pods: 3/10, requests.cpu: 0/2 Limit=limits.cpu: 0/4',
  ],
])('the row, %#', (kind, object, expected) => {
  expect(row(kind, object)).toBe(expected)
})

describe('refused', () => {
  test.each<[kind: AnyKind, object: object, complaints: string[]]>([
    [PriorityClasses, { value: 1_000_000_000 }, []],
    [
      PriorityClasses,
      { value: 1_000_000_001 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [
      PriorityClasses,
      named('system-mine', { value: 1 }),
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [PriorityClasses, named('system-node-critical', { value: 2_000_001_000 }), []],
    [
      PriorityClasses,
      { value: 1, preemptionPolicy: 'Sometimes' },
      ['preemptionPolicy: Unsupported value: "Sometimes": supported values: "Never", "PreemptLowerPriority"'],
    ],
    [RuntimeClasses, { handler: 'a.b' }, ['handler: Invalid value: "a.b": must not contain dots']],
    [LimitRanges, limits({ type: 'Container', max: { cpu: '1' } }), []],
    [
      LimitRanges,
      limits({ type: 'Container', max: { cpu: '1' }, min: { cpu: '2' }, defaultRequest: { cpu: '1' } }),
      [
        'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
        'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
      ],
    ],
    [
      LimitRanges,
      limits({ type: 'Pod', default: { cpu: '1' } }, { type: 'Pod' }, { type: 'Node' }),
      [
        "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
        'spec.limits[1].type: Duplicate value: "Pod"',
        'spec.limits[2].type: Invalid value: "Node": must be a standard limit type or fully qualified',
      ],
    ],
    [
      LimitRanges,
      limits({ type: 'PersistentVolumeClaim' }),
      [
        'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
      ],
    ],
    [ResourceQuotas, { spec: { hard: { pods: '4', 'count/jobs.batch': '2', 'requests.cpu': '500m' } } }, []],
    [
      ResourceQuotas,
      { spec: { hard: { pods: '1500m', gpus: '1', cpu: '-1' } } },
      [
        'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
        'spec.hard[gpus]: Invalid value: "gpus": must be a standard resource for quota',
        'spec.hard[pods]: Invalid value: "1500m": must be an integer',
      ],
    ],
    [
      ResourceQuotas,
      { spec: { hard: { services: '1' }, scopes: ['BestEffort', 'NotBestEffort'] } },
      [
        'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "NotBestEffort"}: unsupported scope applied to resource',
        'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "NotBestEffort"}: unsupported scope applied to resource',
        'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "NotBestEffort"}: conflicting scopes',
      ],
    ],
  ])('%#', (kind, object, expected) => {
    expect(complaints(kind, object)).toEqual(expected)
  })

  test.each<[kind: AnyKind, before: object, after: object, complaints: string[]]>([
    [PriorityClasses, { value: 1 }, { value: 2 }, ['value: Forbidden: may not be changed in an update.']],
    [RuntimeClasses, { handler: 'a' }, { handler: 'b' }, ['handler: Invalid value: "b": field is immutable']],
    [
      ResourceQuotas,
      { spec: { hard: {} } },
      { spec: { hard: {}, scopes: ['BestEffort'] } },
      ['scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort"}: field is immutable'],
    ],
  ])('a change of %#', (kind, before, after, expected) => {
    expect(changeComplaints(kind, before, after)).toEqual(expected)
  })
})
