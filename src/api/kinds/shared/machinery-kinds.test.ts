import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import { APIServices } from '../apiservices/index.ts'
import { EventsV1 } from '../events/v1.ts'
import { FlowSchemas } from '../flowschemas/index.ts'
import { PriorityLevelConfigurations } from '../prioritylevelconfigurations/index.ts'
import { complaints, row, stored } from './kinds.testing.ts'

const LEVEL = { priorityLevelConfiguration: { name: 'workload-low' } }
const queue = (queuing: object) => ({
  spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing } } },
})
const service = (fields: object, name = 'v1.example.com') => ({
  metadata: { name },
  spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, ...fields },
})

test('flows and levels are complete', () => {
  expect(stored(FlowSchemas, { spec: LEVEL })).toMatchObject({
    spec: { matchingPrecedence: 1000 },
    status: {},
  })
  expect(stored(PriorityLevelConfigurations, queue({}))).toMatchObject({
    spec: {
      limited: {
        nominalConcurrencyShares: 30,
        lendablePercent: 0,
        limitResponse: { queuing: { handSize: 8, queues: 64, queueLengthLimit: 50 } },
      },
    },
  })
})

test('a local API service is available from the first', () => {
  expect(stored(APIServices, service({}))).toMatchObject({
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local' }] },
  })
})

test.each<[kind: AnyKind, object: object, row: string]>([
  [
    FlowSchemas,
    { spec: { ...LEVEL, distinguisherMethod: { type: 'ByUser' } } },
    'PriorityLevel=workload-low MatchingPrecedence=1000 DistinguisherMethod=ByUser MissingPL=?',
  ],
  [
    FlowSchemas,
    { spec: LEVEL, status: { conditions: [{ type: 'Dangling', status: 'False' }] } },
    'PriorityLevel=workload-low MatchingPrecedence=1000 DistinguisherMethod=<none> MissingPL=False',
  ],
  [
    PriorityLevelConfigurations,
    queue({}),
    'Type=Limited NominalConcurrencyShares=30 Queues=64 HandSize=8 QueueLengthLimit=50',
  ],
  [
    PriorityLevelConfigurations,
    { spec: { type: 'Exempt' } },
    'Type=Exempt NominalConcurrencyShares=<none> Queues=<none> HandSize=<none> QueueLengthLimit=<none>',
  ],
  [APIServices, service({}), 'Name=v1.example.com Service=Local Available=True'],
  [
    APIServices,
    {
      ...service({ service: { namespace: 'a', name: 'b' } }),
      status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] },
    },
    'Name=v1.example.com Service=a/b Available=False (MissingEndpoints)',
  ],
])('the row, %#', (kind, object, expected) => {
  expect(row(kind, object)).toBe(expected)
})

describe('refused', () => {
  test.each<[kind: AnyKind, object: object, complaints: string[]]>([
    [FlowSchemas, { spec: LEVEL }, []],
    [
      FlowSchemas,
      {
        spec: {
          matchingPrecedence: 1,
          rules: [{ subjects: [{ kind: 'Robot' }], resourceRules: [{ verbs: ['get'], apiGroups: [''] }] }],
        },
      },
      [
        "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
        'spec.priorityLevelConfiguration.name: Required value: must reference a priority level',
        'spec.rules[0].subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
        'spec.rules[0].resourceRules[0].resources: Required value: resource rules must supply at least one resource',
        'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      ],
    ],
    [PriorityLevelConfigurations, queue({}), []],
    [
      PriorityLevelConfigurations,
      queue({ queues: 4, handSize: 5 }),
      [
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)',
      ],
    ],
    [
      PriorityLevelConfigurations,
      { spec: { type: 'Limited' } },
      ['spec.limited: Required value: must not be empty when type is Limited'],
    ],
    [APIServices, service({}), []],
    [
      APIServices,
      service({ versionPriority: 0, insecureSkipTLSVerify: true }, 'v2.example.com'),
      [
        'metadata.name: Invalid value: "v2.example.com": must be `spec.version+"."+spec.group`: "v1.example.com"',
        'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
        'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
      ],
    ],
  ])('%#', (kind, object, expected) => {
    expect(complaints(kind, object)).toEqual(expected)
  })
})

test('an event says the same in both versions', () => {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: 't' },
    involvedObject: { kind: 'Pod', name: 'p' },
    reason: 'Started',
    message: 'Started container',
    source: { component: 'kubelet' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 2,
    type: 'Normal',
    eventTime: null,
    reportingComponent: 'kubelet',
    reportingInstance: 'node-1',
  }
  const { fromStored, toStored } = EventsV1.storedAs!
  const served = fromStored(event)
  expect(served).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { kind: 'Pod', name: 'p' },
    note: 'Started container',
    deprecatedSource: { component: 'kubelet' },
    deprecatedCount: 2,
    reportingController: 'kubelet',
  })
  expect(toStored(served)).toEqual(event)
})
