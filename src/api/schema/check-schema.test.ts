import { describe, expect, test } from 'vitest'
import { checkSchema } from './check-schema.ts'

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' }
const POD = { apiVersion: 'v1', kind: 'Pod' }
const container = (fields: object) => ({ spec: { containers: [{ name: 'a', ...fields }] } })

describe('unknown fields are found by path', () => {
  test.each([
    [POD, { spec: { foo: 1 } }, ['spec.foo']],
    [POD, container({ imag: 'x' }), ['spec.containers[0].imag']],
    [POD, { metadata: { labels: { anything: 'goes' } } }, []],
    [POD, { spec: { b: 1, a: 1 }, a: 1 }, ['a', 'spec.a', 'spec.b']],
    [POD, { spec: { constructor: 1 } }, ['spec.constructor']],
    [
      DEPLOYMENT,
      { spec: { template: { spec: { volumes: [{ secret: { name: 'x' } }] } } } },
      ['spec.template.spec.volumes[0].secret.name'],
    ],
  ])('%j %j', (kind, object, unknown) => {
    expect(checkSchema(kind, object)).toMatchObject({ unknown, typeErrors: [] })
  })
})

describe('values of the wrong type are described as Go describes them', () => {
  test.each([
    [
      DEPLOYMENT,
      { spec: { replicas: 'three' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      DEPLOYMENT,
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      DEPLOYMENT,
      { spec: { replicas: 3e9 } },
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      DEPLOYMENT,
      { spec: 'x' },
      'json: cannot unmarshal string into Go struct field Deployment.spec of type v1.DeploymentSpec',
    ],
    [
      POD,
      container({ env: [{ name: 'A', value: 1 }] }),
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      POD,
      { metadata: { labels: { a: true } } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      POD,
      { metadata: { labels: ['a'] } },
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      POD,
      { spec: { containers: {} } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      POD,
      { spec: { hostNetwork: 'yes' } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      POD,
      container({ resources: { limits: { cpu: 'lots' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      POD,
      container({ livenessProbe: { httpGet: { port: true } } }),
      'json: cannot unmarshal bool into Go value of type int32',
    ],
    [{ apiVersion: 'v1', kind: 'Secret' }, { data: { a: 'no' } }, 'illegal base64 data at input byte 2'],
    [
      { apiVersion: 'v1', kind: 'Event' },
      { source: 'x' },
      'json: cannot unmarshal string into Go struct field Event.source of type v1.EventSource',
    ],
    [POD, [], 'json: cannot unmarshal array into Go value of type v1.Pod'],
  ])('%j %j', (kind, object, error) => {
    expect(checkSchema(kind, object).typeErrors).toEqual([error])
  })
})

describe('what is fine passes', () => {
  test.each([
    [
      POD,
      container({
        resources: { limits: { cpu: 2, memory: '1Gi' } },
        livenessProbe: { httpGet: { port: 'http' } },
      }),
    ],
    [
      POD,
      {
        metadata: { creationTimestamp: null, labels: null },
        spec: { containers: null, nodeName: undefined },
      },
    ],
    [POD, { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } }],
    [DEPLOYMENT, { spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } } } }],
    [
      { apiVersion: 'v1', kind: 'Secret' },
      { data: { a: 'aGVsbG8=' }, stringData: { b: 'c' } },
    ],
    [
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
      { spec: { renewTime: '2026-01-01T00:00:00.123456Z' } },
    ],
    [{ apiVersion: 'example.com/v1', kind: 'CronTab' }, { spec: { anything: 1 } }],
  ])('%j %j', (kind, object) => {
    expect(checkSchema(kind, object)).toMatchObject({ unknown: [], typeErrors: [] })
  })
})
