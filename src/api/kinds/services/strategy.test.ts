import { describe, expect, test } from 'vitest'
import { deepFrozen, refusalOf, type TestContext, testContext, texts } from '../shared/strategy.testing.ts'
import { Services } from './index.ts'
import type { Service } from './types.ts'

const strategy = Services.strategy
const HTTP = { port: 80 }

const given = (spec: object, name = 'web') =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec,
  }) as unknown as Service

/** The Service as it is stored. Throws what the server would answer when allocation fails. */
function create(context: TestContext, spec: object): Service {
  return deepFrozen(strategy.prepareForCreate!(strategy.defaults!(given(spec)), context))
}

/** An update as a client sends it: the stored object with another spec. */
function update(context: TestContext, old: Service, spec: object): Service {
  const next = strategy.defaults!({ ...old, spec: { ...old.spec, ...spec } } as Service)
  const prepared = deepFrozen(strategy.prepareForUpdate!(next, old, context))
  expect(texts(strategy.validateUpdate!(prepared, old))).toEqual([])
  strategy.afterUpdate!(prepared, old, context)
  return prepared
}

const complaints = (spec: object) => texts(strategy.validate!(strategy.defaults!(given(spec))))

describe('what a Service is given', () => {
  test('an address and one family', () => {
    const { spec } = create(testContext(), { ports: [HTTP], selector: { app: 'web' } })
    expect(spec).toEqual({
      type: 'ClusterIP',
      selector: { app: 'web' },
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
      sessionAffinity: 'None',
    })
  })

  test('the address it asks for', () => {
    expect(create(testContext(), { ports: [HTTP], clusterIP: '10.96.0.5' }).spec.clusterIPs).toEqual([
      '10.96.0.5',
    ])
  })

  test('none when it is headless', () => {
    const context = testContext()
    const { spec } = create(context, { clusterIP: 'None', selector: { app: 'db' } })
    expect(spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'], ipFamilyPolicy: 'SingleStack' })
    expect(context.clusterIps.taken.size).toBe(0)
  })

  test('two families when it is headless and selects nothing', () => {
    const { spec } = create(testContext(), { clusterIP: 'None' })
    expect(spec).toMatchObject({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' })
  })

  test('none when it is another name', () => {
    const { spec } = create(testContext(), { type: 'ExternalName', externalName: 'db.example.com' })
    expect(spec).toEqual({ type: 'ExternalName', externalName: 'db.example.com', sessionAffinity: 'None' })
  })

  test('node ports, one for both protocols of a port', () => {
    const ports = [
      { name: 'tcp', port: 53 },
      { name: 'udp', port: 53, protocol: 'UDP' },
      { name: 'http', port: 80 },
    ]
    const { spec } = create(testContext(), { type: 'NodePort', ports })
    expect(spec.ports!.map(port => port.nodePort)).toEqual([30080, 30080, 30081])
    expect(spec.externalTrafficPolicy).toBe('Cluster')
  })

  test('a port for health checks when a balancer must know where its pods are', () => {
    const spec = { type: 'LoadBalancer', ports: [HTTP], externalTrafficPolicy: 'Local' }
    expect(create(testContext(), spec).spec).toMatchObject({
      ports: [{ nodePort: 30080 }],
      healthCheckNodePort: 30081,
    })
  })

  test('nothing when it is going to be refused', () => {
    const context = testContext()
    create(context, { type: 'NodePort', ports: [{ port: 80 }, { port: 81 }] })
    expect([...context.clusterIps.taken, ...context.nodePorts.taken]).toEqual([])
  })
})

describe('what cannot be had', () => {
  test.each<[spec: object, message: string]>([
    [
      { ports: [HTTP], clusterIP: '10.96.0.1' },
      'spec.clusterIPs: Invalid value: []string{"10.96.0.1"}: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    ],
    [
      { ports: [HTTP], clusterIP: '1.2.3.4' },
      'spec.clusterIPs: Invalid value: []string{"1.2.3.4"}: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/12',
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
      'spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
      'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ])('%j', (spec, message) => {
    const context = testContext()
    create(context, { type: 'NodePort', ports: [HTTP] })
    expect(refusalOf(() => create(context, spec))).toBe(`Service "web" is invalid: ${message}`)
    expect([context.clusterIps.taken.size, context.nodePorts.taken.size]).toEqual([1, 1])
  })

  test('an address when there are none left', () => {
    const context = testContext()
    for (let i = 0; i < 10; i++) create(context, { ports: [HTTP] })
    expect(refusalOf(() => create(context, { ports: [HTTP] }))).toBe(
      'Internal error occurred: failed to allocate a serviceIP: range is full',
    )
  })
})

describe('what is given back', () => {
  const held = (context: TestContext) => [...context.clusterIps.taken, ...context.nodePorts.taken]

  test('all of it after deletion', () => {
    const context = testContext()
    strategy.afterDelete!(create(context, { type: 'NodePort', ports: [HTTP] }), context)
    expect(held(context)).toEqual([])
  })

  test('all of it when the write did not happen', () => {
    const context = testContext()
    const prepared = create(context, { type: 'NodePort', ports: [HTTP] })
    strategy.afterFailure!(prepared, undefined, context)
    expect(held(context)).toEqual([])
  })

  test('only what was new when an update did not happen', () => {
    const context = testContext()
    const old = create(context, { ports: [HTTP] })
    const next = { ...old, spec: { ...old.spec, type: 'NodePort' } }
    const prepared = strategy.prepareForUpdate!(next, old, context)
    expect(held(context)).toEqual(['10.96.0.1', '30080'])
    strategy.afterFailure!(prepared, old, context)
    expect(held(context)).toEqual(['10.96.0.1'])
  })

  test('node ports when the type changes, the address when it becomes a name', () => {
    const context = testContext()
    const nodePort = create(context, { type: 'NodePort', ports: [HTTP] })
    const clusterIp = update(context, nodePort, { type: 'ClusterIP' })
    expect(held(context)).toEqual(['10.96.0.1'])
    expect(clusterIp.spec.externalTrafficPolicy).toBeUndefined()
    const name = update(context, clusterIp, { type: 'ExternalName', externalName: 'a.example' })
    expect(held(context)).toEqual([])
    expect(name.spec.clusterIP).toBeUndefined()
  })
})

describe('on update', () => {
  test('what was allocated stays, said or not', () => {
    const context = testContext()
    const old = create(context, { type: 'NodePort', ports: [HTTP] })
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ]
    const next = update(context, old, { clusterIP: undefined, clusterIPs: undefined, ports })
    expect(next.spec.clusterIP).toBe('10.96.0.1')
    expect(next.spec.ports!.map(port => port.nodePort)).toEqual([30080, 30081])
  })

  test('the address may not change', () => {
    const context = testContext()
    const old = create(context, { ports: [HTTP] })
    const spec = { ...old.spec, clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] }
    const next = strategy.prepareForUpdate!({ ...old, spec }, old, context)
    expect(texts(strategy.validateUpdate!(next, old))).toEqual([
      'spec.clusterIPs[0]: Invalid value: []string{"10.96.0.9"}: may not change once set',
    ])
    expect([...context.clusterIps.taken]).toEqual(['10.96.0.1'])
  })
})

test.each<[what: string, spec: object, complaints: string[]]>([
  ['no ports', {}, ['spec.ports: Required value']],
  ['no ports, headless', { clusterIP: 'None' }, []],
  [
    'port 0',
    { ports: [{ port: 0 }] },
    [
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'one port twice',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
    [
      'spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
    ],
  ],
  [
    'a node port of a ClusterIP',
    { ports: [{ port: 80, nodePort: 30000 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'a type that does not exist',
    { type: 'Cluster', ports: [HTTP] },
    [
      'spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  ['a name that is none', { type: 'ExternalName' }, ['spec.externalName: Required value']],
  [
    'stickiness of more than a day',
    {
      ports: [HTTP],
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } },
    },
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400',
    ],
  ],
  [
    'an external policy of an internal Service',
    { ports: [HTTP], externalTrafficPolicy: 'Local' },
    [
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    ],
  ],
])('%s', (_, spec, expected) => {
  expect(complaints(spec)).toEqual(expected)
})

test('who sticks to a client does so for three hours', () => {
  const spec = { ports: [HTTP], sessionAffinity: 'ClientIP' }
  expect(strategy.defaults!(given(spec)).spec.sessionAffinityConfig).toEqual({
    clientIP: { timeoutSeconds: 10_800 },
  })
})
