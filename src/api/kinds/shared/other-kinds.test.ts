import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../object.ts'
import { mergeRulesOf } from '../../patch/merge-keys.ts'
import { schemaOf } from '../../schema/types.ts'
import { KINDS } from '../index.ts'
import { refusalOf, testContext, texts } from './strategy.testing.ts'

const context = testContext()
const kindOf = (plural: string) => KINDS.find(kind => kind.plural === plural)!

/** The object as it is stored. */
function create(plural: string, object: object): KubeObject {
  const kind = kindOf(plural)
  const metadata = {
    name: 'x',
    uid: 'u',
    resourceVersion: '1',
    ...(kind.isNamespaced && { namespace: 'default' }),
  }
  const whole = { metadata, ...object }
  const complete = kind.strategy.defaults?.(whole) ?? whole
  return kind.strategy.prepareForCreate?.(complete, context) ?? complete
}
const complaints = (plural: string, object: object) =>
  texts(kindOf(plural).strategy.validate!(create(plural, object)))
const changes = (plural: string, before: object, after: object) => {
  const [old, next] = [create(plural, before), create(plural, after)]
  return texts(kindOf(plural).strategy.validateUpdate!(next, old))
}

const named = (name: string, fields: object = {}) => ({
  metadata: { name, namespace: 'default', uid: 'u', resourceVersion: '1', ...fields },
})
const PORTS = { ports: [{ port: 80 }] }
const VOLUME = {
  accessModes: ['ReadWriteOnce'],
  capacity: { storage: '1Gi' },
  hostPath: { path: '/data' },
}
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

test.each<[plural: string, what: string, object: object, complaints: string[]]>([
  [
    'configmaps',
    'a key',
    { data: { 'a b': '' } },
    [
      "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    'configmaps',
    'a key twice',
    { data: { a: '' }, binaryData: { a: '' } },
    ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  ],
  [
    'configmaps',
    'its size',
    { data: { a: 'x'.repeat(1024 * 1024 + 1) } },
    [': Too long: may not be more than 1048576 bytes'],
  ],
  [
    'secrets',
    'the keys of its type',
    { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
    ['data[tls.key]: Required value'],
  ],
  [
    'nodes',
    'taints',
    { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }, { key: 'b' }] } },
    ['spec.taints[1].effect: Required value'],
  ],
  [
    'leases',
    'its duration',
    { spec: { leaseDurationSeconds: 0 } },
    ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
  ],
  [
    'events',
    'its namespace',
    { involvedObject: { kind: 'Pod', namespace: 'other' } },
    ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
  ],
  ['events', 'nothing, about a node', { involvedObject: { kind: 'Node' } }, []],
  [
    'endpoints',
    'addresses',
    { subsets: [PORTS] },
    ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
  ],
  [
    'endpointslices',
    'its type',
    { addressType: 'IPv5', endpoints: [] },
    ['addressType: Unsupported value: "IPv5": supported values: "IPv4", "IPv6", "FQDN"'],
  ],
  [
    'endpointslices',
    'an address',
    { addressType: 'IPv4', endpoints: [{ addresses: ['x'] }] },
    [
      'endpoints[0].addresses[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  ['controllerrevisions', 'its data', { revision: 1 }, ['data: Required value: data is mandatory']],
  ['persistentvolumes', 'nothing', { spec: VOLUME }, []],
  [
    'persistentvolumes',
    'a source',
    { spec: { ...VOLUME, hostPath: undefined } },
    ['spec: Required value: must specify a volume type'],
  ],
  ['persistentvolumeclaims', 'nothing', { spec: CLAIM }, []],
  [
    'persistentvolumeclaims',
    'a mode',
    { spec: { ...CLAIM, accessModes: [] } },
    ['spec.accessModes: Required value: at least 1 access mode is required'],
  ],
  [
    'persistentvolumeclaims',
    'a size',
    { spec: { ...CLAIM, resources: {} } },
    ['spec.resources[storage]: Required value'],
  ],
  ['storageclasses', 'its provisioner', {}, ['provisioner: Required value']],
  [
    'serviceaccounts',
    'its name',
    named('Bad'),
    [
      "metadata.name: Invalid value: \"Bad\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
])('%s: asked for %s', (plural, _, object, expected) => {
  expect(complaints(plural, object)).toEqual(expected)
})

const IMMUTABLE = 'Forbidden: field is immutable when `immutable` is set'

test.each<[plural: string, before: object, after: object, complaints: string[]]>([
  ['configmaps', { data: { a: '1' } }, { data: { a: '2' } }, []],
  ['configmaps', { data: { a: '1' } }, { data: { a: '2' }, immutable: true }, []],
  [
    'configmaps',
    { data: { a: '1' }, immutable: true },
    { data: { a: '2' } },
    [`immutable: ${IMMUTABLE}`, `data: ${IMMUTABLE}`],
  ],
  [
    'secrets',
    { data: { a: '' }, immutable: true },
    { data: { b: '' }, immutable: true },
    [`data: ${IMMUTABLE}`],
  ],
  ['secrets', {}, { type: 'other' }, ['type: Invalid value: "other": field is immutable']],
  [
    'controllerrevisions',
    { data: { a: 1 } },
    { data: { a: 2 } },
    ['data: Invalid value: {"a":2}: field is immutable'],
  ],
  [
    'nodes',
    { spec: { podCIDRs: ['10.0.0.0/24'] } },
    { spec: { podCIDRs: ['10.0.1.0/24'] } },
    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
  ],
  [
    'endpointslices',
    { addressType: 'IPv4' },
    { addressType: 'IPv6' },
    ['addressType: Invalid value: "IPv6": field is immutable'],
  ],
  [
    'persistentvolumes',
    { spec: VOLUME },
    { spec: { ...VOLUME, hostPath: { path: '/other' } } },
    ['spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation'],
  ],
  ['persistentvolumes', { spec: VOLUME }, { spec: { ...VOLUME, claimRef: { name: 'c' } } }, []],
  ['persistentvolumeclaims', { spec: CLAIM }, { spec: { ...CLAIM, volumeName: 'v' } }, []],
  [
    'persistentvolumeclaims',
    { spec: CLAIM },
    { spec: { ...CLAIM, accessModes: ['ReadWriteMany'] } },
    [
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    ],
  ],
  [
    'storageclasses',
    { provisioner: 'a' },
    { provisioner: 'b' },
    ['provisioner: Forbidden: updates to provisioner are forbidden.'],
  ],
])('%s: %j to %j', (plural, before, after, expected) => {
  expect(changes(plural, before, after)).toEqual(expected)
})

test('texts of a Secret become its data', () => {
  const secret = create('secrets', { data: { a: 'QQ==' }, stringData: { b: 'grün' } })
  expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'QQ==', b: 'Z3LDvG4=' } })
  expect(secret).not.toHaveProperty('stringData')
})

test('ports of slices and endpoints are TCP', () => {
  expect(create('endpointslices', { addressType: 'IPv4', ports: [{ port: 1 }] })).toMatchObject({
    endpoints: [],
    ports: [{ name: '', port: 1, protocol: 'TCP' }],
  })
  expect(create('endpoints', { subsets: [PORTS] })).toMatchObject({
    subsets: [{ ports: [{ port: 80, protocol: 'TCP' }] }],
  })
})

test('a node that says nothing of allocatable gives what it has', () => {
  expect(create('nodes', { status: { capacity: { cpu: '4', memory: '1024Mi' } } })).toMatchObject({
    status: { capacity: { cpu: '4', memory: '1Gi' }, allocatable: { cpu: '4', memory: '1Gi' } },
  })
})

test('volumes are kept, claims wait, classes delete', () => {
  expect(create('persistentvolumes', { spec: VOLUME })).toMatchObject({
    spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' },
    status: { phase: 'Pending' },
  })
  expect(create('persistentvolumeclaims', { spec: CLAIM })).toMatchObject({ status: { phase: 'Pending' } })
  expect(create('storageclasses', { provisioner: 'p' })).toMatchObject({
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  })
})

describe('a namespace', () => {
  const { strategy, actions } = kindOf('namespaces')
  const namespace = create('namespaces', {})
  const finalize = (finalizers: string[]) =>
    actions!.finalize!.apply!(namespace, { spec: { finalizers } }, context)

  test('is active, labelled and held from the start', () => {
    expect(namespace).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    expect(strategy.isHeld!(namespace)).toBe(true)
  })

  test('terminates when its deletion begins', () => {
    expect(strategy.beginDelete!(namespace, context).status.phase).toBe('Terminating')
  })

  test('is let go by finalize alone', () => {
    expect(strategy.isHeld!(finalize([]))).toBe(false)
    const emptied = strategy.prepareForUpdate!({ ...namespace, spec: {} }, namespace, context)
    expect(strategy.isHeld!(emptied)).toBe(true)
  })

  test('has finalizers with proper names', () => {
    expect(refusalOf(() => finalize(['nonsense']))).toBe(
      'Namespace "x" is invalid: spec.finalizers[0]: Invalid value: "nonsense": name is neither a standard finalizer name nor is it fully qualified',
    )
  })
})

/** metrics-server's kinds are not in the API server's document. */
const PUBLISHED = KINDS.filter(({ group }) => group !== 'metrics.k8s.io')

test('every kind names its published schema, and no two the same', () => {
  const names = PUBLISHED.map(kind => kind.schema)
  expect(names.every(name => name?.startsWith('io.k8s.'))).toBe(true)
  expect(new Set(names).size).toBe(PUBLISHED.length)
})

test('the published types of every kind are known, and how each merges', () => {
  const ofNoType = PUBLISHED.filter(({ apiVersion, kind }) => !schemaOf(apiVersion, kind))
  const withoutMerging = KINDS.filter(({ kind, isVirtual }) => !isVirtual && !mergeRulesOf(kind))
  expect([...ofNoType, ...withoutMerging].map(({ kind }) => kind)).toEqual([])
})
