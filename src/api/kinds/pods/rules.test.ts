import { expect, test } from 'vitest'
import { deepFrozen, texts } from '../shared/strategy.testing.ts'
import { defaultPod } from './defaults.ts'
import { validatePod, validatePodSpec } from './rules.ts'
import type { Pod } from './types.ts'

const container = { name: 'c', image: 'a:1' }

/** The complaints about a pod with this spec. */
function complaints(spec: object): string[] {
  const metadata = { name: 'p', namespace: 'default' }
  return texts(validatePod(defaultPod({ apiVersion: 'v1', kind: 'Pod', metadata, spec } as unknown as Pod)))
}
const withContainer = (fields: object, spec: object = {}) =>
  complaints({ ...spec, containers: [{ ...container, ...fields }] })

test('a plain pod is right', () => {
  expect(complaints({ containers: [container] })).toEqual([])
})

test.each<[what: string, spec: object, complaint: string]>([
  ['no containers', { containers: [] }, 'spec.containers: Required value'],
  [
    'two containers of one name',
    { containers: [container, container] },
    'spec.containers[1].name: Duplicate value: "c"',
  ],
  [
    'a restart policy that does not exist',
    { containers: [container], restartPolicy: 'Sometimes' },
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    'a volume twice',
    { containers: [container], volumes: [{ name: 'v' }, { name: 'v' }] },
    'spec.volumes[1].name: Duplicate value: "v"',
  ],
  [
    'a volume of two kinds',
    { containers: [container], volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] },
    'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
  ],
  [
    'a toleration of everything that is not Exists',
    { containers: [container], tolerations: [{ operator: 'Equal', value: 'x' }] },
    'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  ],
  [
    'tolerationSeconds of something else than NoExecute',
    {
      containers: [container],
      tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }],
    },
    'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
  ],
  [
    'an empty node affinity',
    {
      containers: [container],
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
  ],
  [
    'no time at all',
    { containers: [container], activeDeadlineSeconds: 0 },
    'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 4294967295, inclusive',
  ],
  [
    'a probe of an init container',
    { containers: [container], initContainers: [{ name: 'i', image: 'a', livenessProbe: { exec: {} } }] },
    'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
  ],
  [
    'a host port that is not the port, on the host network',
    { hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 81 }] }] },
    'spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort` when `hostNetwork` is true',
  ],
])('%s', (_, spec, complaint) => {
  expect(complaints(spec)).toEqual([complaint])
})

test.each<[what: string, fields: object, complaint: string]>([
  ['no name', { name: '' }, 'name: Required value'],
  ['no image', { image: '' }, 'image: Required value'],
  [
    'a space after the image',
    { image: 'a:1 ' },
    'image: Invalid value: "a:1 ": must not have leading or trailing whitespace',
  ],
  ['no port number', { ports: [{ name: 'http' }] }, 'ports[0].containerPort: Required value'],
  [
    'a port too high',
    { ports: [{ containerPort: 65_536 }] },
    'ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
  ],
  [
    'a protocol that does not exist',
    { ports: [{ containerPort: 80, protocol: 'HTTP' }] },
    'ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
  ],
  [
    'two ports of one name',
    {
      ports: [
        { name: 'a', containerPort: 1 },
        { name: 'a', containerPort: 2 },
      ],
    },
    'ports[1].name: Duplicate value: "a"',
  ],
  [
    'a mount of no volume',
    { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    'volumeMounts[0].name: Not found: "data"',
  ],
  [
    'more requested than allowed',
    { resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } },
    'resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ],
  [
    'less than nothing',
    { resources: { requests: { memory: '-1Gi' } } },
    'resources.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0',
  ],
  [
    'a resource nobody knows',
    { resources: { requests: { cpus: '1' } } },
    'resources.requests[cpus]: Invalid value: "cpus": must be a standard resource for containers',
  ],
  ['a probe of nothing', { livenessProbe: {} }, 'livenessProbe: Required value: must specify a handler type'],
  [
    'a probe in two ways',
    { readinessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } },
    'readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
  ],
  [
    'a liveness probe that must succeed twice',
    { livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } },
    'livenessProbe.successThreshold: Invalid value: 2: must be 1',
  ],
  [
    'a variable of two sources',
    { env: [{ name: 'A', value: 'x', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }] },
    'env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
  ],
  [
    'a restart policy of its own',
    { restartPolicy: 'Always' },
    'restartPolicy: Forbidden: may not be set for non-init containers',
  ],
  [
    'a pull policy that does not exist',
    { imagePullPolicy: 'Maybe' },
    'imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"',
  ],
])('a container with %s', (_, fields, complaint) => {
  expect(withContainer(fields)).toEqual([`spec.containers[0].${complaint}`])
})

test('a frozen spec that was found right is not asked again, a wrong one is', () => {
  const right = deepFrozen(defaultPod({ spec: { containers: [container] } } as unknown as Pod).spec)
  const wrong = deepFrozen({ ...right, containers: [] })
  for (let time = 1; time <= 2; time++) {
    expect(validatePodSpec(right, 'spec')).toEqual([])
    expect(texts(validatePodSpec(wrong, 'spec'))).toEqual(['spec.containers: Required value'])
  }
})
