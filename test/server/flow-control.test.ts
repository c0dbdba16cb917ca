import { expect, test } from 'vitest'
import { type FlowSchema, FlowSchemas, type PriorityLevelConfiguration } from '../../src/api/index.ts'
import { flowControlDefaults } from '../../src/apiserver/flow-control-defaults.ts'
import { type Configured, FlowControl, type FlowRequest } from '../../src/server/flow-control/index.ts'
import { type Route, routeOf } from '../../src/server/route.ts'

const DEFAULTS = flowControlDefaults('2026-01-01T00:00:00Z').map(({ kind, name, fields }) => ({
  kind,
  object: { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name }, ...fields },
}))

function serverWith(own: readonly object[] = [], stored = 0, changes = 1): Configured {
  const all = [...DEFAULTS, ...own.map(object => ({ kind: FlowSchemas, object }))]
  return {
    readAll: kind => all.filter(one => one.kind.kind === kind.kind).map(one => one.object) as never,
    changesOf: () => changes,
    countOf: () => stored,
  }
}

const route = (method: string, url: string): Route => {
  const [path = '', query] = url.split('?')
  return routeOf(method, path, new URLSearchParams(query))!
}
const user = (name: string, ...groups: string[]) => ({ name, groups: [...groups, 'system:authenticated'] })
const NODE = user('system:node:node-1', 'system:nodes')
const ACCOUNT = user('system:serviceaccount:default:app', 'system:serviceaccounts')
const PODS = '/api/v1/namespaces/default/pods'

test.each<[string, FlowRequest, string, string]>([
  ['a master', { user: user('root', 'system:masters'), route: route('GET', PODS) }, 'exempt', 'exempt'],
  [
    'a probe',
    {
      user: { name: 'system:anonymous', groups: ['system:unauthenticated'] },
      route: route('GET', '/healthz'),
    },
    'probes',
    'exempt',
  ],
  [
    'a kubelet about its node',
    { user: NODE, route: route('PATCH', '/api/v1/nodes/node-1/status') },
    'system-node-high',
    'node-high',
  ],
  [
    'a kubelet about its lease',
    {
      user: NODE,
      route: route('PUT', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-1'),
    },
    'system-node-high',
    'node-high',
  ],
  [
    'a kubelet about a pod',
    { user: NODE, route: route('PATCH', `${PODS}/web/status`) },
    'system-nodes',
    'system',
  ],
  [
    'the scheduler electing',
    {
      user: user('system:kube-scheduler'),
      route: route('PUT', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x'),
    },
    'system-leader-election',
    'leader-election',
  ],
  [
    'an account of kube-system',
    {
      user: user('system:serviceaccount:kube-system:dns', 'system:serviceaccounts'),
      route: route('GET', PODS),
    },
    'kube-system-service-accounts',
    'workload-high',
  ],
  ['any other account', { user: ACCOUNT, route: route('GET', PODS) }, 'service-accounts', 'workload-low'],
  ['a person', { user: user('ann'), route: route('GET', PODS) }, 'global-default', 'global-default'],
  [
    'nobody we know',
    { user: { name: 'x', groups: [] }, route: route('GET', PODS) },
    'catch-all',
    'catch-all',
  ],
])('%s is sorted as in a cluster of kubeadm', (_, request, schema, level) => {
  const sorted = new FlowControl().sort(request, serverWith(), new URLSearchParams())
  expect([sorted.schema.metadata.name, sorted.level.name]).toEqual([schema, level])
})

test('levels have the seats that upstream gives them', () => {
  const flow = new FlowControl()
  flow.sort({ user: ACCOUNT, route: route('GET', PODS) }, serverWith(), new URLSearchParams())
  expect(Object.fromEntries([...flow.levels].map(([name, { seats }]) => [name, seats]))).toEqual({
    exempt: 0,
    'catch-all': 13,
    system: 74,
    'node-high': 98,
    'leader-election': 25,
    'workload-high': 98,
    'workload-low': 245,
    'global-default': 49,
  })
})

const ANN = { user: user('ann'), route: route('GET', PODS) }
const schema = (name: string, level: string, matchingPrecedence: number): FlowSchema =>
  ({
    metadata: { name },
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence,
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'ann' } }],
          resourceRules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'], namespaces: ['default'] }],
        },
      ],
    },
  }) as FlowSchema

test('the lowest precedence is first, then the name; one without its level is passed over', () => {
  const own = [
    schema('b', 'workload-low', 300),
    schema('a', 'workload-high', 300),
    schema('z', 'nowhere', 200),
  ]
  const sorted = new FlowControl().sort(ANN, serverWith(own), new URLSearchParams())
  expect([sorted.schema.metadata.name, sorted.level.name]).toEqual(['a', 'workload-high'])
  const elsewhere = { ...ANN, route: route('GET', '/api/v1/namespaces/other/pods') }
  expect(new FlowControl().sort(elsewhere, serverWith(own), new URLSearchParams()).level.name).toBe(
    'global-default',
  )
})

test('what has changed since counts at once', () => {
  const flow = new FlowControl()
  expect(flow.sort(ANN, serverWith(), new URLSearchParams()).level.name).toBe('global-default')
  const changed = serverWith([schema('mine', 'workload-low', 5)], 0, 2)
  expect(flow.sort(ANN, changed, new URLSearchParams()).level.name).toBe('workload-low')
})

test('without any objects everybody has what is always there', () => {
  const none: Configured = { readAll: () => [], changesOf: () => 0, countOf: () => 0 }
  const sorted = new FlowControl().sort(ANN, none, new URLSearchParams())
  expect([sorted.level.name, sorted.level.seats]).toEqual(['catch-all', 600])
})

test.each([
  ['a get', 'GET', `${PODS}/web`, 1],
  ['a list of few', 'GET', PODS, 7],
  ['a list with a limit', 'GET', `${PODS}?limit=250`, 3],
  ['a list by name', 'GET', `${PODS}?fieldSelector=metadata.name=web`, 1],
  ['a watch from a revision', 'GET', `${PODS}?watch=1&resourceVersion=7`, 1],
  ['a watch from the start', 'GET', `${PODS}?watch=1`, 7],
])('%s is so wide', (_, method, url, seats) => {
  const query = new URLSearchParams(url.split('?')[1])
  const sorted = new FlowControl().sort({ ...ANN, route: route(method, url) }, serverWith([], 5000), query)
  expect(sorted.ticket.seats).toBe(seats)
})

test('a level that is wanted borrows what the others lend, ten seconds later', async () => {
  let nowMs = 0
  const flow = new FlowControl(() => nowMs)
  const server = serverWith()
  const enter = () =>
    flow.enter(flow.sort(ANN, server, new URLSearchParams()), true, new AbortController().signal)
  const executing = await Promise.all(Array.from({ length: 49 }, enter))
  const waiting = Array.from({ length: 100 }, enter)
  nowMs = 10_000
  const last = enter()
  const leaves = await Promise.all([...waiting, last])
  expect(flow.levels.get('global-default')!.seats).toBeGreaterThanOrEqual(150)
  expect(flow.inFlight).toEqual({ readOnly: 150, mutating: 0 })
  for (const leave of [...executing, ...leaves]) leave!()
  expect(flow.inFlight).toEqual({ readOnly: 0, mutating: 0 })
})

test('the counts of a schema at its level are kept', async () => {
  const flow = new FlowControl()
  const reject: PriorityLevelConfiguration['spec'] = {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 0, limitResponse: { type: 'Reject' } },
  }
  const level = {
    apiVersion: 'v1',
    kind: 'PriorityLevelConfiguration',
    metadata: { name: 'tiny' },
    spec: reject,
  }
  const own = [schema('mine', 'tiny', 5)]
  const server = serverWith(own)
  const withLevel: Configured = {
    ...server,
    readAll: kind =>
      (kind.kind === level.kind ? [level, ...server.readAll(kind)] : server.readAll(kind)) as never,
  }
  const enter = () =>
    flow.enter(flow.sort(ANN, withLevel, new URLSearchParams()), true, new AbortController().signal)
  expect(await enter()).toBeDefined()
  expect(await enter()).toBeUndefined()
  expect([...flow.counts]).toEqual([
    {
      schema: 'mine',
      level: 'tiny',
      executing: 1,
      executingSeats: 1,
      waiting: 0,
      dispatched: 1,
      rejected: new Map([['concurrency-limit', 1]]),
    },
  ])
})
