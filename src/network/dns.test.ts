import { describe, expect, test } from 'vitest'
import type { EndpointSlice, Service } from '../api/index.ts'
import { answerFor, resolve, searchNames } from './dns.ts'
import type { DnsView } from './dns-zone.ts'

const META = {
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
  namespace: 'default',
}

const service = (name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...META, name },
  spec,
  status: {},
})

const SERVICES = [
  service('web', { clusterIP: '10.96.0.50', ports: [{ port: 80 }] }),
  service('db', { clusterIP: 'None' }),
  service('out', { type: 'ExternalName', externalName: 'example.com' }),
]

const DB: EndpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...META, name: 'db-x' },
  addressType: 'IPv4',
  endpoints: [
    { addresses: ['10.244.1.3'], hostname: 'db-1', conditions: { ready: true } },
    { addresses: ['10.244.1.2'], hostname: 'db-0', conditions: { ready: true } },
    { addresses: ['10.244.1.4'], hostname: 'db-2', conditions: { ready: false } },
  ],
}

const VIEW: DnsView = {
  service: (namespace, name) =>
    namespace === 'default' ? SERVICES.find(candidate => candidate.metadata.name === name) : undefined,
  slices: (_, name) => (name === 'db' ? [DB] : []),
  hasNamespace: name => name === 'default' || name === 'other',
}

describe('cluster DNS', () => {
  test.each([
    ['web.default.svc.cluster.local', ['10.96.0.50']],
    ['db.default.svc.cluster.local', ['10.244.1.2', '10.244.1.3']],
    ['db-0.db.default.svc.cluster.local', ['10.244.1.2']],
    ['10-244-9-9.default.pod.cluster.local', ['10.244.9.9']],
    ['out.default.svc.cluster.local', []],
  ])('%s has the addresses %j', (name, addresses) => {
    expect(answerFor(VIEW, name)).toMatchObject({ code: 'NOERROR', addresses })
  })

  test.each([
    'nosuch.default.svc.cluster.local',
    'web.nowhere.svc.cluster.local',
    'db-2.db.default.svc.cluster.local',
    'x.web.default.svc.cluster.local',
    'example.com',
  ])('%s does not exist', name => {
    expect(answerFor(VIEW, name)).toEqual({ code: 'NXDOMAIN' })
  })
})

describe('the resolver of a pod', () => {
  test('searches first, and asks for the name as typed last, below five dots', () => {
    expect(searchNames('web', 'default')).toEqual([
      'web.default.svc.cluster.local',
      'web.svc.cluster.local',
      'web.cluster.local',
      'web',
    ])
    expect(searchNames('a.b.c.d.e.f', 'default')[0]).toBe('a.b.c.d.e.f')
    expect(searchNames('web.default.svc.cluster.local.', 'x')).toEqual(['web.default.svc.cluster.local'])
  })

  test('finds a Service of its own namespace at once and one of another in the second question', () => {
    expect(resolve(VIEW, 'web', 'default').questions).toHaveLength(1)
    const other = resolve(VIEW, 'web.default', 'other')
    expect(other.addresses).toEqual(['10.96.0.50'])
    expect(other.questions.map(question => question.answer.code)).toEqual(['NXDOMAIN', 'NOERROR'])
  })

  test('gives no address for what does not exist, having asked for all of it', () => {
    expect(resolve(VIEW, 'nosuch', 'default')).toMatchObject({ addresses: [], questions: { length: 4 } })
  })
})
