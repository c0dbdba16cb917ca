import { describe, expect, test } from 'vitest'
import { ReplicaSets } from '../replicasets/index.ts'
import type { ReplicaSet } from '../replicasets/types.ts'
import { deepFrozen, refusalOf } from '../shared/strategy.testing.ts'
import { defaultPod } from './defaults.ts'
import { defaultPullPolicy } from './images.ts'
import type { Pod } from './types.ts'

const podWith = (spec: object) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec }) as unknown as Pod
const specOf = (spec: object) => defaultPod(podWith(spec)).spec

describe('imagePullPolicy', () => {
  test.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['localhost:5000/nginx', 'Always'],
    ['localhost:5000/nginx:v1', 'IfNotPresent'],
    ['nginx@sha256:abc', 'IfNotPresent'],
    ['nginx:latest@sha256:abc', 'Always'],
  ])('%s: %s', (image, policy) => {
    expect(defaultPullPolicy(image)).toBe(policy)
  })
})

test('a bare pod gets what a real one has', () => {
  expect(specOf({ containers: [{ name: 'c', image: 'nginx' }] })).toEqual({
    containers: [
      {
        name: 'c',
        image: 'nginx',
        imagePullPolicy: 'Always',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  })
})

describe('a container', () => {
  const containerOf = (container: object, spec: object = {}) =>
    specOf({ ...spec, containers: [{ name: 'c', image: 'a:1', ...container }] }).containers[0]!

  test('a probe is completed, zero counts as not given', () => {
    const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 0, failureThreshold: 5 }
    expect(containerOf({ readinessProbe }).readinessProbe).toEqual({
      httpGet: { path: '/', port: 80, scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 5,
    })
  })

  test('requests that are not given are the limits', () => {
    const resources = { limits: { cpu: '0.5', memory: '1024Mi' }, requests: { cpu: '100m' } }
    expect(containerOf({ resources }).resources).toEqual({
      limits: { cpu: '500m', memory: '1Gi' },
      requests: { cpu: '100m', memory: '1Gi' },
    })
  })

  test('ports are TCP, and host ports on the host network', () => {
    const ports = [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }]
    expect(containerOf({ ports }).ports).toEqual([
      { containerPort: 80, protocol: 'TCP' },
      { containerPort: 53, protocol: 'UDP' },
    ])
    expect(containerOf({ ports: [{ containerPort: 80 }] }, { hostNetwork: true }).ports).toEqual([
      { containerPort: 80, hostPort: 80, protocol: 'TCP' },
    ])
  })

  test('a reference to a field is to one of v1', () => {
    const env = [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }]
    expect(containerOf({ env }).env).toEqual([
      { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
    ])
  })
})

test.each([
  [{}, { emptyDir: {} }],
  [{ configMap: { name: 'm' } }, { configMap: { name: 'm', defaultMode: 420 } }],
  [{ secret: { secretName: 's' } }, { secret: { secretName: 's', defaultMode: 420 } }],
  [{ hostPath: { path: '/x' } }, { hostPath: { path: '/x', type: '' } }],
  [
    { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
    {
      projected: {
        defaultMode: 420,
        sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }],
      },
    },
  ],
  [{ persistentVolumeClaim: { claimName: 'c' } }, { persistentVolumeClaim: { claimName: 'c' } }],
])('the volume %j becomes %j', (source, complete) => {
  expect(specOf({ containers: [], volumes: [{ name: 'v', ...source }] }).volumes).toEqual([
    { name: 'v', ...complete },
  ])
})

test('both names of the service account are the same', () => {
  expect(specOf({ containers: [], serviceAccount: 'builder' })).toMatchObject({
    serviceAccount: 'builder',
    serviceAccountName: 'builder',
  })
})

test('a quantity that cannot be read is a bad request, not an invalid object', () => {
  const containers = [{ name: 'c', image: 'a', resources: { limits: { cpu: 'lots' } } }]
  expect(refusalOf(() => defaultPod(podWith({ containers })))).toBe(
    `Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
  )
})

describe('what is known is not done again', () => {
  const given = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'a', resources: { limits: { cpu: '1' } } }] },
      },
    },
    status: { replicas: 0 },
  } as unknown as ReplicaSet
  const stored = deepFrozen(ReplicaSets.strategy.defaults!(given))

  test('defaults of a complete object give that very object', () => {
    expect(ReplicaSets.strategy.defaults!(stored)).toBe(stored)
    const pod = defaultPod(podWith({ containers: [{ name: 'c', image: 'a' }] }))
    expect(defaultPod(pod)).toBe(pod)
  })

  test('pods of one template share one frozen spec', () => {
    const template = stored.spec.template!.spec!
    const [one, two] = [specOf(template), specOf(template)]
    expect(one).toBe(two)
    expect(Object.isFrozen(one.containers[0]!.resources)).toBe(true)
    expect(one.containers[0]!.resources!.requests).toEqual({ cpu: '1' })
    expect(template.containers[0]!.resources!.requests).toBeUndefined()
  })
})
