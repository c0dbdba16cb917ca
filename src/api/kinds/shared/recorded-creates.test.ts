/**
 * What a real API server (Kubernetes 1.20) made of the objects it was given, against what we make of them. What
 * 1.33 adds is said here; what admission adds to pods is left out.
 */
import { describe, expect, test } from 'vitest'
import type { AnyKind } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { ApiError, invalid } from '../../status.ts'
import { KINDS } from '../index.ts'
import recorded from './recorded-creates.cases.generated.json' with { type: 'json' }
import { type TestContext, testContext, texts } from './strategy.testing.ts'

type Json = Record<string, unknown>
interface Case {
  readonly recording: string
  readonly plural: string
  readonly body: KubeObject & { spec: Json }
  readonly status: number
  readonly response: KubeObject & { spec: Json; status: Json }
}

const cases = recorded as unknown as readonly Case[]
const kindOf = (plural: string): AnyKind => KINDS.find(kind => kind.plural === plural)!

/** The object as it would be stored; throws what the server would answer. */
function create(
  kind: AnyKind,
  given: KubeObject,
  context: TestContext,
): KubeObject & { spec: Json; status: Json } {
  const complete = kind.strategy.defaults?.(given) ?? given
  const prepared = kind.strategy.prepareForCreate?.(complete, context) ?? complete
  const errors = kind.strategy.validate?.(prepared) ?? []
  if (errors.length > 0) throw new ApiError(invalid(kind, given.metadata.name, errors))
  return prepared
}

const ADDED_SINCE: Readonly<Record<string, { spec: Json; status?: Json }>> = {
  services: {
    spec: { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
  },
  statefulsets: {
    spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } },
    status: { availableReplicas: 0 },
  },
  jobs: {
    spec: {
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    },
  },
}
/** Given by admission (of service accounts, tolerations, priorities) and by allocation, not by the kind. */
const NOT_OURS: Readonly<Record<string, readonly string[]>> = {
  pods: ['volumes', 'serviceAccount', 'serviceAccountName', 'tolerations', 'priority', 'preemptionPolicy'],
  services: ['clusterIP', 'clusterIPs'],
}

function withoutFields(object: Json, fields: readonly string[] = []): Json {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)))
}

/** Without what admission mounted, and labels that jobs have got since. */
function comparable(plural: string, spec: Json): Json {
  const json = JSON.stringify(withoutFields(spec, NOT_OURS[plural]))
  return JSON.parse(json, (field, value) => {
    if (field === 'volumeMounts') return undefined
    if (field === 'matchLabels') return undefined
    if (field.startsWith('batch.kubernetes.io/')) return undefined
    return value
  })
}

describe('what is created is what a real server made of it', () => {
  const created = cases.filter(({ status }) => status === 201)
  test.each(created)('$plural $body.metadata.name ($recording)', ({ plural, body, response }) => {
    const { name, namespace, uid, creationTimestamp, resourceVersion } = response.metadata
    const metadata = { ...body.metadata, name, namespace, uid, creationTimestamp, resourceVersion }
    const stored = create(kindOf(plural), { ...body, metadata }, testContext())
    const added = ADDED_SINCE[plural]
    const expected =
      plural === 'services' ? { ...added?.spec, ...response.spec } : { ...response.spec, ...added?.spec }
    expect(comparable(plural, stored.spec)).toEqual(comparable(plural, expected))
    expect(withoutFields(stored.status, ['lastPhaseTransitionTime'])).toEqual({
      ...response.status,
      ...added?.status,
    })
  })

  test('every kind was recorded', () => {
    expect(new Set(created.map(({ plural }) => plural)).size).toBe(5)
  })
})

describe('what a real server refused is refused in its words', () => {
  const REWORDED: Readonly<Record<string, string>> = {
    ip: 'Service "ip" is invalid: spec.clusterIPs: Invalid value: []string{"1.2.3.4"}: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/12',
  }
  const refused = cases.filter(({ status }) => status === 422)
  test.each(refused)('$plural $body.metadata.name', ({ plural, body, response }) => {
    const context = testContext()
    context.nodePorts.allocate('30080')
    const metadata = { ...body.metadata, namespace: 'default' }
    const { message } = response as unknown as { message: string }
    expect(() => create(kindOf(plural), { ...body, metadata }, context)).toThrow(
      REWORDED[body.metadata.name] ?? message,
    )
    expect(context.clusterIps.taken.size).toBe(0)
  })
})

test('a real job gets the labels of batch as well', () => {
  const { body, response } = cases.find(({ plural }) => plural === 'jobs')!
  const metadata = { ...response.metadata, labels: undefined }
  const kind = kindOf('jobs')
  const job = create(kind, { ...body, metadata }, testContext())
  const { uid, name } = metadata
  expect(job.metadata.labels).toEqual({
    app: 'ok',
    'controller-uid': uid,
    'batch.kubernetes.io/controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/job-name': name,
  })
  expect(job.spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } })
  expect(texts(kind.strategy.validate?.(job))).toEqual([])
})

test.each(cases.filter(({ status }) => status === 201))(
  'defaults of what is stored change nothing: $plural $body.metadata.name',
  ({ plural, body, response }) => {
    const kind = kindOf(plural)
    const stored = create(kind, { ...body, metadata: { ...response.metadata } }, testContext())
    expect(kind.strategy.defaults?.(stored)).toBe(stored)
  },
)
