import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import { IngressClasses } from '../ingressclasses/index.ts'
import { Ingresses } from '../ingresses/index.ts'
import { IPAddresses } from '../ipaddresses/index.ts'
import { NetworkPolicies } from '../networkpolicies/index.ts'
import { ServiceCIDRs } from '../servicecidrs/index.ts'
import { changeComplaints, complaints, row, stored } from './kinds.testing.ts'

const BACKEND = { service: { name: 'web', port: { number: 80 } } }
const ingress = (...paths: object[]) => ({ spec: { rules: [{ host: 'a.example.com', http: { paths } }] } })
const PATH = 'spec.rules[0].http.paths[0]'
const policy = (spec: object) => ({ spec: { podSelector: {}, ...spec } })
const PARENT = { resource: 'services', namespace: 'default', name: 'web' }

test('a policy with egress rules is about both ways, its ports are TCP', () => {
  expect(stored(NetworkPolicies, policy({ egress: [{ ports: [{ port: 53 }] }] }))).toMatchObject({
    metadata: { generation: 1 },
    spec: { policyTypes: ['Ingress', 'Egress'], egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }] },
  })
  expect(stored(NetworkPolicies, policy({}))).toMatchObject({ spec: { policyTypes: ['Ingress'] } })
})

test('parameters of a class are of the cluster', () => {
  const spec = { controller: 'example.com/c', parameters: { kind: 'P', name: 'p' } }
  expect(stored(IngressClasses, { spec })).toMatchObject({ spec: { parameters: { scope: 'Cluster' } } })
})

test('the old annotation draws a warning, once', () => {
  const old = { metadata: { annotations: { 'kubernetes.io/ingress.class': 'nginx' } } } as never
  const { warnings } = Ingresses.strategy
  expect([warnings!(old, undefined), warnings!(old, old)]).toEqual([
    [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`],
    [],
  ])
})

test.each<[kind: AnyKind, object: object, row: string]>([
  [Ingresses, ingress(), 'Class=<none> Hosts=a.example.com Address= Ports=80'],
  [
    Ingresses,
    {
      spec: {
        ingressClassName: 'nginx',
        tls: [{}],
        rules: ['a', 'b', 'c', 'd', 'e'].map(host => ({ host })),
      },
      status: { loadBalancer: { ingress: [{ ip: '10.0.0.2' }, { hostname: 'lb' }, { ip: '10.0.0.1' }] } },
    },
    'Class=nginx Hosts=a,b,c + 2 more... Address=10.0.0.1,10.0.0.2,lb Ports=80, 443',
  ],
  [Ingresses, { spec: { defaultBackend: BACKEND } }, 'Class=<none> Hosts=* Address= Ports=80'],
  [
    IngressClasses,
    { spec: { controller: 'example.com/c', parameters: { apiGroup: 'a.b', kind: 'P', name: 'p' } } },
    'Controller=example.com/c Parameters=P.a.b/p',
  ],
  [NetworkPolicies, policy({ podSelector: { matchLabels: { app: 'web' } } }), 'Pod-Selector=app=web'],
  [NetworkPolicies, policy({}), 'Pod-Selector=<none>'],
  [
    IPAddresses,
    { metadata: { name: '10.96.0.1' }, spec: { parentRef: PARENT } },
    'Name=10.96.0.1 ParentRef=services/default/web',
  ],
  [ServiceCIDRs, { spec: { cidrs: ['10.96.0.0/12', 'fd00::/108'] } }, 'CIDRs=10.96.0.0/12,fd00::/108'],
])('the row, %#', (kind, object, expected) => {
  expect(row(kind, object)).toBe(expected)
})

describe('refused', () => {
  test.each<[kind: AnyKind, object: object, complaints: string[]]>([
    [Ingresses, ingress({ path: '/', pathType: 'Prefix', backend: BACKEND }), []],
    [
      Ingresses,
      { spec: {} },
      [
        'spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified',
      ],
    ],
    [
      Ingresses,
      ingress({ path: '/', backend: BACKEND }),
      [`${PATH}.pathType: Required value: pathType must be specified`],
    ],
    [
      Ingresses,
      ingress({ path: 'a//b', pathType: 'Exact', backend: {} }),
      [
        `${PATH}.path: Invalid value: "a//b": must be an absolute path`,
        `${PATH}.path: Invalid value: "a//b": must not contain '//'`,
        `${PATH}.backend: Invalid value: "": resource or service backend is required`,
      ],
    ],
    [
      Ingresses,
      ingress({ path: '/', pathType: 'Prefix', backend: { service: { name: 'web' } } }),
      [`${PATH}.backend: Required value: port name or number is required`],
    ],
    [
      Ingresses,
      ingress({
        path: '/',
        pathType: 'Regex',
        backend: { service: { name: 'web', port: { name: 'http', number: 80 } } },
      }),
      [
        `${PATH}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
        `${PATH}.backend: Invalid value: "": cannot set both port name & port number`,
      ],
    ],
    [
      Ingresses,
      { spec: { defaultBackend: BACKEND, rules: [{ host: '10.0.0.1' }, { host: '*.a.*' }] } },
      [
        'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
        "spec.rules[1].host: Invalid value: \"*.a.*\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [IngressClasses, { spec: { controller: 'example.com/c' } }, []],
    [
      IngressClasses,
      { spec: { controller: 'c', parameters: { kind: 'P', name: 'p', scope: 'Namespace' } } },
      [
        'spec.controller: Invalid value: "c": must be a domain-prefixed path (such as "acme.io/foo")',
        "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
      ],
    ],
    [
      NetworkPolicies,
      policy({
        ingress: [
          {
            ports: [{ protocol: 'ICMP', port: 80, endPort: 70 }],
            from: [{}, { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } }],
          },
        ],
        policyTypes: ['Both'],
      }),
      [
        'spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
        'spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`',
        'spec.ingress[0].from[0]: Required value: must specify a peer',
        'spec.ingress[0].from[1].ipBlock.except[0]: Invalid value: "11.0.0.0/8": must be a strict subset of `cidr`',
        'spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer',
        'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Egress", "Ingress"',
      ],
    ],
    [
      IPAddresses,
      { metadata: { name: '10.0.0' }, spec: {} },
      [
        'metadata.name: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'spec.parentRef: Required value',
      ],
    ],
    [
      ServiceCIDRs,
      { spec: { cidrs: ['10.0.0.0', '10.0.0.0/8'] } },
      [
        'spec.cidrs: Invalid value: {"cidrs":["10.0.0.0","10.0.0.0/8"]}: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96',
        'spec.cidrs[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
  ])('%#', (kind, object, expected) => {
    expect(complaints(kind, object)).toEqual(expected)
  })

  test.each<[kind: AnyKind, before: object, after: object, complaints: string[]]>([
    [
      IngressClasses,
      { spec: { controller: 'a.b/c' } },
      { spec: { controller: 'a.b/d' } },
      ['spec.controller: Invalid value: "a.b/d": field is immutable'],
    ],
    [
      ServiceCIDRs,
      { spec: { cidrs: ['10.0.0.0/8'] } },
      { spec: { cidrs: ['11.0.0.0/8'] } },
      ['spec.cidrs: Invalid value: ["11.0.0.0/8"]: field is immutable'],
    ],
  ])('a change, %#', (kind, before, after, expected) => {
    expect(changeComplaints(kind, before, after)).toEqual(expected)
  })
})
