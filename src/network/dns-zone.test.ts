import { describe, expect, test } from 'vitest'
import type { EndpointSlice, Service } from '../api/index.ts'
import { answerQuestion, type ZoneView } from './dns-zone.ts'

const META = { uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', namespace: 'shop' }

const service = (name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...META, name },
  spec,
  status: {},
})

const slice = (name: string, more: Partial<EndpointSlice>): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...META, name },
  addressType: 'IPv4',
  endpoints: [],
  ...more,
})

const alias = (name: string, externalName: string) => service(name, { type: 'ExternalName', externalName })

const SERVICES = [
  service('web', {
    clusterIP: '10.96.0.50',
    ports: [
      { name: 'http', port: 80 },
      { name: 'https', port: 443 },
    ],
  }),
  service('db', { clusterIP: 'None', ports: [{ name: 'sql', port: 5432 }] }),
  service('empty', { clusterIP: 'None', ports: [{ port: 80 }] }),
  alias('out', 'example.com'),
  alias('in', 'web.shop.svc.cluster.local'),
  alias('lost', 'nobody.shop.svc.cluster.local'),
  alias('round', 'round.shop.svc.cluster.local'),
  alias('number', '1.2.3.4'),
]

const SLICES: Readonly<Record<string, EndpointSlice>> = {
  web: slice('web-x', {
    endpoints: [{ addresses: ['10.244.1.7'], conditions: { ready: true } }],
    ports: [
      { name: 'http', port: 8080 },
      { name: 'https', port: 8443 },
    ],
  }),
  db: slice('db-x', {
    endpoints: [
      { addresses: ['10.244.1.2'], hostname: 'db-0', conditions: { ready: true } },
      { addresses: ['10.244.1.3'], hostname: 'db-1', conditions: { ready: true } },
      { addresses: ['10.244.1.4'], hostname: 'db-2', conditions: { ready: false } },
    ],
    ports: [{ name: 'sql', port: 5432 }],
  }),
}

const VIEW: ZoneView = {
  service: (namespace, name) =>
    namespace === 'shop' ? SERVICES.find(({ metadata }) => metadata.name === name) : undefined,
  slices: (_, name) => (SLICES[name] ? [SLICES[name]] : []),
  hasNamespace: name => name === 'shop',
  services: () => SERVICES,
  serial: 7,
}

const ask = (name: string, type: string) => answerQuestion(VIEW, name, type, '127.0.0.1')
/** Records as dig prints them, without class and TTL. */
const text = (name: string, type: string, part: 'answers' | 'additionals' = 'answers') =>
  ask(name, type)[part].map(record => {
    const { data } = record
    const words = typeof data === 'string' ? [data] : Object.values(data)
    return [record.name, record.type, ...words].join(' ')
  })

const SHOP = 'shop.svc.cluster.local'

describe('the zone of the cluster', () => {
  test.each([
    [`web.${SHOP}`, 'A', [`web.${SHOP} A 10.96.0.50`]],
    [`WEB.${SHOP}`, 'A', [`WEB.${SHOP} A 10.96.0.50`]],
    [`10-244-1-7.web.${SHOP}`, 'A', [`10-244-1-7.web.${SHOP} A 10.244.1.7`]],
    [`db.${SHOP}`, 'A', [`db.${SHOP} A 10.244.1.2`, `db.${SHOP} A 10.244.1.3`]],
    [`db-1.db.${SHOP}`, 'A', [`db-1.db.${SHOP} A 10.244.1.3`]],
    ['10-1-2-3.shop.pod.cluster.local', 'A', ['10-1-2-3.shop.pod.cluster.local A 10.1.2.3']],
    [`_http._tcp.web.${SHOP}`, 'SRV', [`_http._tcp.web.${SHOP} SRV 0 100 80 web.${SHOP}`]],
    [`web.${SHOP}`, 'SRV', [`web.${SHOP} SRV 0 50 80 web.${SHOP}`, `web.${SHOP} SRV 0 50 443 web.${SHOP}`]],
    [
      `_sql._tcp.db.${SHOP}`,
      'SRV',
      [
        `_sql._tcp.db.${SHOP} SRV 0 50 5432 db-0.db.${SHOP}`,
        `_sql._tcp.db.${SHOP} SRV 0 50 5432 db-1.db.${SHOP}`,
      ],
    ],
    [`out.${SHOP}`, 'A', [`out.${SHOP} CNAME example.com`]],
    [`out.${SHOP}`, 'CNAME', [`out.${SHOP} CNAME example.com`]],
    [`in.${SHOP}`, 'A', [`in.${SHOP} CNAME web.${SHOP}`, `web.${SHOP} A 10.96.0.50`]],
    ['50.0.96.10.in-addr.arpa', 'PTR', [`50.0.96.10.in-addr.arpa PTR web.${SHOP}`]],
    ['2.1.244.10.in-addr.arpa', 'PTR', [`2.1.244.10.in-addr.arpa PTR db-0.db.${SHOP}`]],
    ['7.1.244.10.in-addr.arpa', 'PTR', [`7.1.244.10.in-addr.arpa PTR 10-244-1-7.web.${SHOP}`]],
    ['cluster.local', 'NS', ['cluster.local NS ns.dns.cluster.local']],
    ['ns.dns.cluster.local', 'A', ['ns.dns.cluster.local A 127.0.0.1']],
    ['dns-version.cluster.local', 'TXT', ['dns-version.cluster.local TXT 1.1.0']],
    [
      'cluster.local',
      'SOA',
      ['cluster.local SOA ns.dns.cluster.local hostmaster.cluster.local 7 7200 1800 86400 30'],
    ],
  ])('says of %s %s: %j', (name, type, expected) => {
    expect(text(name, type)).toEqual(expected)
    expect(ask(name, type)).toMatchObject({ code: 'NOERROR', isAuthoritative: true, authorities: [] })
  })

  test('sends the addresses of SRV targets along', () => {
    expect(text(`_sql._tcp.db.${SHOP}`, 'SRV', 'additionals')).toEqual([
      `db-0.db.${SHOP} A 10.244.1.2`,
      `db-1.db.${SHOP} A 10.244.1.3`,
    ])
    expect(text(`web.${SHOP}`, 'SRV', 'additionals')).toEqual([`web.${SHOP} A 10.96.0.50`])
  })

  test.each([
    [`web.${SHOP}`, 'AAAA'],
    [`web.${SHOP}`, 'MX'],
    [`web.${SHOP}`, 'ANY'],
    [`web.${SHOP}`, 'CNAME'],
    [`in.${SHOP}`, 'SRV'],
    [`lost.${SHOP}`, 'A'],
    [`round.${SHOP}`, 'A'],
    ['cluster.local', 'A'],
    ['svc.cluster.local', 'A'],
    [SHOP, 'A'],
  ])('%s exists without a %s', (name, type) => {
    expect(ask(name, type)).toMatchObject({
      code: 'NOERROR',
      isAuthoritative: true,
      answers: [],
      authorities: [{ type: 'SOA', name: 'cluster.local', ttl: 30 }],
    })
  })

  test.each([
    `nobody.${SHOP}`,
    `empty.${SHOP}`,
    `number.${SHOP}`,
    `x.out.${SHOP}`,
    `_ftp._tcp.web.${SHOP}`,
    `_http._udp.web.${SHOP}`,
    `a.b.c.web.${SHOP}`,
    `db-2.db.${SHOP}`,
    'web.elsewhere.svc.cluster.local',
    '10-1-2-3.elsewhere.pod.cluster.local',
    'not-an-address.shop.pod.cluster.local',
    'shop.cluster.local',
  ])('%s does not exist', name => {
    expect(ask(name, 'A')).toMatchObject({ code: 'NXDOMAIN', authorities: [{ type: 'SOA' }] })
  })

  test.each([
    ['example.com', 'A'],
    ['notcluster.local', 'A'],
    ['1.1.1.1.in-addr.arpa', 'PTR'],
    ['cluster.local', 'AXFR'],
  ])('%s %s is refused: there is no upstream, and no transfer', (name, type) => {
    expect(ask(name, type)).toMatchObject({ code: 'REFUSED', isAuthoritative: false, authorities: [] })
  })
})
