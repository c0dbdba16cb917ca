/** Objects with nothing in them, of every kind: Go's decoding leaves no holes, so what is missing is found by validation. */
import { afterAll, expect, test } from 'vitest'
import { KINDS } from '../../src/api/index.ts'
import { BareDoor } from './door.ts'

const door = new BareDoor()
afterAll(() => door.close())

const BODIES: readonly object[] = [
  {},
  { spec: {} },
  { spec: null, status: null },
  { spec: { selector: {}, template: {} } },
  { spec: { template: { spec: {} } } },
  { spec: { template: { spec: { containers: [{}], volumes: [{}], initContainers: [{}] } } } },
  { spec: { jobTemplate: {} } },
  { spec: { jobTemplate: { spec: {} } } },
  { spec: { containers: [{}], volumes: [{}], tolerations: [{}], affinity: {} } },
  {
    spec: { containers: [{ ports: [{}], env: [{}], envFrom: [{}], volumeMounts: [{}], livenessProbe: {} }] },
  },
  { spec: { ports: [{}] } },
  { spec: { rules: [{}], tls: [{}], ingress: [{}], egress: [{}] } },
  { spec: { rules: [{ http: {} }], ingress: [{ from: [{}], ports: [{}] }] } },
  { spec: { rules: [{ http: { paths: [{}] } }] } },
  { spec: { rules: [{ http: { paths: [{ backend: {} }] } }], defaultBackend: {} } },
  { spec: { metrics: [{}], behavior: { scaleUp: {}, scaleDown: { policies: [{}] } } } },
  { spec: { metrics: [{ type: 'Resource', resource: {} }, { type: 'Pods' }] } },
  { spec: { limits: [{}], scopeSelector: {}, taints: [{}] } },
  { spec: { versions: [{}], names: {} } },
  { spec: { versions: [{ schema: { openAPIV3Schema: {} } }], conversion: {} } },
  { spec: { matchConstraints: {}, validations: [{}], variables: [{}], matchConditions: [{}] } },
  { spec: { volumeClaimTemplates: [{}], updateStrategy: {}, strategy: {} } },
  { spec: { accessModes: [null], capacity: {}, resources: {}, nodeAffinity: {}, claimRef: {} } },
  { spec: { resourceAttributes: {}, nonResourceAttributes: {} } },
  { rules: [{}], roleRef: {}, subjects: [{}], aggregationRule: {} },
  { webhooks: [{}] },
  { webhooks: [{ clientConfig: { service: {} }, rules: [{}] }] },
  { endpoints: [{}], ports: [{}] },
  { subsets: [{ addresses: [{}], ports: [{}] }] },
  { target: {}, scheduling: {}, overhead: {}, allowedTopologies: [{}] },
]

test.each(KINDS.map(kind => [`${kind.plural}.${kind.group}`, kind] as const))('%s', async (_, kind) => {
  const prefix = kind.group === '' ? '/api/v1' : `/apis/${kind.apiVersion}`
  const path = `${prefix}${kind.isNamespaced ? '/namespaces/default' : ''}/${kind.plural}`
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answers = BODIES.flatMap((body, index) => {
    const name = `incomplete-${index}`
    const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name }, ...body }
    return ['POST', 'PUT'].map(async method => {
      const at = method === 'POST' ? path : `${path}/${name}`
      const { code, text } = await door.ask({ method, path: at, headers, body: JSON.stringify(object) })
      return code === 500 || code === 0 ? `${method} ${JSON.stringify(body)}: ${text}` : undefined
    })
  })
  const failures = (await Promise.all(answers)).filter(answer => answer !== undefined)
  expect(failures).toEqual([])
  expect(door.bugs).toEqual([])
})
