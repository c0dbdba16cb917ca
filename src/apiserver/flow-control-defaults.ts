/**
 * The flows and priority levels that a server has from the first. Mirrors pkg/apis/flowcontrol/bootstrap of
 * k8s.io/apiserver. They are shown and may be changed; where a cluster is served, its door goes by them.
 */
import type { PolicyRulesWithSubjects, ResourcePolicyRule, Subject } from 'kubernetes-types/flowcontrol/v1.js'
import { FlowSchemas, PriorityLevelConfigurations } from '../api/index.ts'
import type { PolicyObject } from './authorization/bootstrap/policy.ts'

const ANNOTATIONS = Object.freeze({ 'apf.kubernetes.io/autoupdate-spec': 'true' })

/** Names with shares, the percentage that can be lent, and queues with the size of a hand. */
const LEVELS = [
  ['system', 30, 33, 64, 6],
  ['node-high', 40, 25, 64, 6],
  ['leader-election', 10, 0, 16, 4],
  ['workload-high', 40, 50, 128, 6],
  ['workload-low', 100, 90, 128, 6],
  ['global-default', 20, 50, 128, 6],
] as const
const QUEUE_LENGTH = 50

const group = (name: string): Subject => ({ kind: 'Group', group: { name } })
const user = (name: string): Subject => ({ kind: 'User', user: { name } })
const account = (name: string): Subject => ({
  kind: 'ServiceAccount',
  serviceAccount: { namespace: 'kube-system', name },
})
const EVERYONE = [group('system:unauthenticated'), group('system:authenticated')]
const NODES = [group('system:nodes')]
const CONTROLLER_MANAGER = user('system:kube-controller-manager')
const SCHEDULER = user('system:kube-scheduler')
const WRITES = ['get', 'create', 'update']

const resources = (
  verbs: string[],
  apiGroup: string,
  names: string[],
  isOfCluster = false,
): ResourcePolicyRule => ({
  verbs,
  apiGroups: [apiGroup],
  resources: names,
  ...(isOfCluster && { clusterScope: true }),
  namespaces: ['*'],
})
const LEASES = resources(WRITES, 'coordination.k8s.io', ['leases'])
/** Anything at all. */
const ANYTHING = {
  resourceRules: [resources(['*'], '*', ['*'], true)],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}

type Flow = readonly [
  name: string,
  level: string,
  precedence: number,
  method: '' | 'ByUser' | 'ByNamespace',
  rule: PolicyRulesWithSubjects,
]

const FLOWS: readonly Flow[] = [
  ['exempt', 'exempt', 1, '', { subjects: [group('system:masters')], ...ANYTHING }],
  [
    'probes',
    'exempt',
    2,
    '',
    {
      subjects: EVERYONE,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    },
  ],
  [
    'system-leader-election',
    'leader-election',
    100,
    'ByUser',
    { subjects: [CONTROLLER_MANAGER, SCHEDULER, account('*')], resourceRules: [LEASES] },
  ],
  [
    'endpoint-controller',
    'workload-high',
    150,
    'ByUser',
    {
      subjects: [
        CONTROLLER_MANAGER,
        account('endpoint-controller'),
        account('endpointslicemirroring-controller'),
      ],
      resourceRules: [resources(WRITES, '', ['endpoints'])],
    },
  ],
  [
    'workload-leader-election',
    'leader-election',
    200,
    'ByUser',
    { subjects: [account('*')], resourceRules: [resources(WRITES, '', ['endpoints', 'configmaps']), LEASES] },
  ],
  [
    'system-node-high',
    'node-high',
    400,
    'ByUser',
    {
      subjects: NODES,
      resourceRules: [
        resources(['*'], '', ['nodes', 'nodes/status'], true),
        resources(['*'], 'coordination.k8s.io', ['leases']),
      ],
    },
  ],
  ['system-nodes', 'system', 500, 'ByUser', { subjects: NODES, ...ANYTHING }],
  [
    'kube-controller-manager',
    'workload-high',
    800,
    'ByNamespace',
    { subjects: [CONTROLLER_MANAGER], ...ANYTHING },
  ],
  ['kube-scheduler', 'workload-high', 800, 'ByNamespace', { subjects: [SCHEDULER], ...ANYTHING }],
  [
    'kube-system-service-accounts',
    'workload-high',
    900,
    'ByNamespace',
    { subjects: [account('*')], ...ANYTHING },
  ],
  [
    'service-accounts',
    'workload-low',
    9000,
    'ByUser',
    { subjects: [group('system:serviceaccounts')], ...ANYTHING },
  ],
  ['global-default', 'global-default', 9900, 'ByUser', { subjects: EVERYONE, ...ANYTHING }],
  ['catch-all', 'catch-all', 10_000, 'ByUser', { subjects: EVERYONE, ...ANYTHING }],
]

/** All of them, as they are seeded; `timestamp` is when they were found to be whole. */
export function flowControlDefaults(timestamp: string): PolicyObject[] {
  const level = (name: string, spec: object): PolicyObject => ({
    ...bare(name),
    kind: PriorityLevelConfigurations,
    fields: { spec, status: {} },
  })
  const limited = (limits: object) => ({ type: 'Limited', limited: limits })
  return [
    level('exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
    level(
      'catch-all',
      limited({ nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } }),
    ),
    ...LEVELS.map(([name, nominalConcurrencyShares, lendablePercent, queues, handSize]) => {
      const queuing = { queues, handSize, queueLengthLimit: QUEUE_LENGTH }
      const limitResponse = { type: 'Queue', queuing }
      return level(name, limited({ nominalConcurrencyShares, lendablePercent, limitResponse }))
    }),
    ...FLOWS.map(flow => flowOf(flow, timestamp)),
  ]
}

function flowOf([name, level, matchingPrecedence, method, rule]: Flow, timestamp: string): PolicyObject {
  const dangling = {
    type: 'Dangling',
    status: 'False',
    lastTransitionTime: timestamp,
    reason: 'Found',
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} and it exists`,
  }
  return {
    ...bare(name),
    kind: FlowSchemas,
    fields: {
      spec: {
        priorityLevelConfiguration: { name: level },
        matchingPrecedence,
        ...(method && { distinguisherMethod: { type: method } }),
        rules: [rule],
      },
      status: { conditions: [dangling] },
    },
  }
}

function bare(name: string) {
  return { namespace: '', name, annotations: ANNOTATIONS, generation: 1 }
}
