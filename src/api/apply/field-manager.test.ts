import { describe, expect, test } from 'vitest'
import {
  type ApplyOutcome,
  applyConfiguration,
  conflictMessage,
  type ManagedFieldsEntry,
  trackCreate,
  trackUpdate,
  type FieldWriter as Writer,
} from './index.ts'
import { mergeTypeOf } from './merge-type.ts'

type Json = Record<string, unknown>

function writer(manager: string, more: Partial<Writer> & { kind?: string } = {}): Writer {
  const { kind = 'Deployment', apiVersion = 'apps/v1', ...rest } = more
  return {
    manager,
    apiVersion,
    subresource: '',
    versions: {
      typeAt: version => (version === apiVersion ? mergeTypeOf(version, kind) : undefined),
      convert: object => object,
    },
    resets: ['status'],
    now: '2026-01-01T00:00:00Z',
    ...rest,
  }
}

function deployment(spec: Json, metadata: Json = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec,
  }
}

function withManaged(object: Json, managedFields: ManagedFieldsEntry[] | undefined): Json {
  return { ...object, metadata: { ...(object.metadata as Json), uid: 'u', managedFields } }
}

function created(by: string, object: Json): Json {
  return withManaged(object, trackCreate(writer(by), object))
}

function applied(by: string, live: Json | undefined, configuration: Json, force = false): ApplyOutcome {
  return applyConfiguration(writer(by), live, configuration, force)
}

function stored(outcome: ApplyOutcome): Json {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  return withManaged(outcome.object as Json, outcome.managedFields)
}

function fieldsOf(object: Json, manager: string, operation = 'Apply'): unknown {
  const { managedFields = [] } = object.metadata as { managedFields?: ManagedFieldsEntry[] }
  return managedFields.find(entry => entry.manager === manager && entry.operation === operation)?.fieldsV1
}

const template = (...containers: Json[]) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers },
})

describe('a create', () => {
  test('gives the creator every field but those of the server, with pointers and list elements themselves', () => {
    const object = created(
      'kubectl-create',
      deployment(
        {
          replicas: 1,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
          selector: { matchLabels: { app: 'web' } },
          template: template({
            name: 'web',
            image: 'nginx',
            resources: {},
            ports: [{ containerPort: 80, protocol: 'TCP' }],
          }),
        },
        { labels: { app: 'web' }, creationTimestamp: null },
      ),
    )
    expect((object.metadata as { managedFields: unknown }).managedFields).toEqual([
      {
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        manager: 'kubectl-create',
        operation: 'Update',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
            'f:template': {
              'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
              'f:spec': {
                'f:containers': {
                  'k:{"name":"web"}': {
                    '.': {},
                    'f:image': {},
                    'f:name': {},
                    'f:ports': {
                      '.': {},
                      'k:{"containerPort":80,"protocol":"TCP"}': {
                        '.': {},
                        'f:containerPort': {},
                        'f:protocol': {},
                      },
                    },
                    'f:resources': {},
                  },
                },
              },
            },
          },
        },
      },
    ])
  })

  test('of an object with a status tracks no status', () => {
    const object = { ...deployment({ replicas: 1 }), status: { replicas: 3 } }
    expect(fieldsOf(created('a', object), 'a', 'Update')).toEqual({ 'f:spec': { 'f:replicas': {} } })
  })
})

describe('an update', () => {
  test('takes the fields it changes from who had them', () => {
    const live = created('a', deployment({ replicas: 1, paused: true }))
    const next = { ...live, spec: { replicas: 2, paused: true } }
    const after = withManaged(live, trackUpdate(writer('b', { now: '2026-01-01T00:01:00Z' }), live, next))
    expect(fieldsOf(after, 'a', 'Update')).toEqual({ 'f:spec': { 'f:paused': {} } })
    expect(fieldsOf(after, 'b', 'Update')).toEqual({ 'f:spec': { 'f:replicas': {} } })
  })

  test('that removes a field takes it from everybody', () => {
    const live = created('a', deployment({ replicas: 1, paused: true }))
    const after = withManaged(live, trackUpdate(writer('b'), live, { ...live, spec: { replicas: 1 } }))
    expect(fieldsOf(after, 'a', 'Update')).toEqual({ 'f:spec': { 'f:replicas': {} } })
    expect(fieldsOf(after, 'b', 'Update')).toBeUndefined()
  })

  test('that changes nothing leaves the managed fields as they are, by identity', () => {
    const live = created('a', deployment({ replicas: 1 }))
    const { managedFields } = live.metadata as { managedFields: ManagedFieldsEntry[] }
    expect(trackUpdate(writer('b'), live, { ...live, spec: { replicas: 1 } })).toBe(managedFields)
  })

  test('of an object that was never tracked is not tracked', () => {
    const live = deployment({ replicas: 1 }, { uid: 'u' })
    expect(trackUpdate(writer('b'), live, { ...live, spec: { replicas: 2 } })).toBeUndefined()
  })

  test('with one empty entry forgets who managed what', () => {
    const live = created('a', deployment({ replicas: 1 }))
    const next = withManaged({ ...live, spec: { replicas: 2 } }, [{}])
    expect(trackUpdate(writer('b'), live, next)).toBeUndefined()
  })

  test('of the status is an entry of its own, and cannot take the spec', () => {
    const live = created('a', deployment({ replicas: 1 }))
    const next = { ...live, spec: { replicas: 5 }, status: { observedGeneration: 1 } }
    const through = writer('kube-controller-manager', { subresource: 'status', resets: ['spec'] })
    const entries = trackUpdate(through, live, next)
    expect(entries).toHaveLength(2)
    expect(entries).toContainEqual(
      expect.objectContaining({
        manager: 'kube-controller-manager',
        operation: 'Update',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:observedGeneration': {} } },
      }),
    )
  })

  test('the eleventh updater puts the oldest two together', () => {
    let live = created('m00', deployment({ replicas: 1 }, { labels: {} }))
    for (let i = 1; i <= 10; i++) {
      const name = `m${String(i).padStart(2, '0')}`
      const metadata = live.metadata as { labels?: Json }
      const next = { ...live, metadata: { ...metadata, labels: { ...metadata.labels, [name]: 'x' } } }
      const through = writer(name, { now: `2026-01-01T00:${String(i).padStart(2, '0')}:00Z` })
      live = withManaged(next, trackUpdate(through, live, next))
    }
    const { managedFields } = live.metadata as { managedFields: ManagedFieldsEntry[] }
    expect(managedFields).toHaveLength(10)
    expect(fieldsOf(live, 'ancient-changes', 'Update')).toEqual({
      'f:metadata': { 'f:labels': { '.': {}, 'f:m01': {} } },
      'f:spec': { 'f:replicas': {} },
    })
  })
})

describe('an apply', () => {
  test('owns exactly what it names', () => {
    const object = stored(applied('a', undefined, deployment({ replicas: 3 }, { labels: { x: '1' } })))
    expect(fieldsOf(object, 'a')).toEqual({
      'f:metadata': { 'f:labels': { 'f:x': {} } },
      'f:spec': { 'f:replicas': {} },
    })
  })

  test('that would change a field of somebody else is refused, and takes it by force', () => {
    const live = created('kubectl-client-side-apply', deployment({ replicas: 1 }))
    const wanted = deployment({ replicas: 3 })
    const refused = applied('b', live, wanted)
    if (refused.ok || !('conflicts' in refused)) throw new Error('a conflict is due')
    expect(conflictMessage(refused.conflicts)).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
    )
    const forced = stored(applied('b', live, wanted, true))
    expect(forced.spec).toEqual({ replicas: 3 })
    expect(fieldsOf(forced, 'kubectl-client-side-apply', 'Update')).toBeUndefined()
  })

  test('of the same value shares the field', () => {
    const live = created('a', deployment({ replicas: 1 }))
    const both = stored(applied('b', live, deployment({ replicas: 1 })))
    expect(fieldsOf(both, 'a', 'Update')).toEqual({ 'f:spec': { 'f:replicas': {} } })
    expect(fieldsOf(both, 'b')).toEqual({ 'f:spec': { 'f:replicas': {} } })
  })

  test('conflicts with several are listed by manager', () => {
    let live = stored(applied('b', undefined, deployment({ replicas: 1 })))
    live = stored(applied('a', live, deployment({ paused: true, minReadySeconds: 2 })))
    const refused = applied('c', live, deployment({ replicas: 2, paused: false, minReadySeconds: 3 }))
    if (refused.ok || !('conflicts' in refused)) throw new Error('conflicts are due')
    expect(conflictMessage(refused.conflicts)).toBe(
      'Apply failed with 3 conflicts: conflicts with "a":\n- .spec.minReadySeconds\n- .spec.paused\nconflicts with "b":\n- .spec.replicas',
    )
  })

  test('what it named last time and does not name now goes, unless another applier has it', () => {
    const container = (name: string, image: string) => ({ name, image })
    const first = deployment({
      replicas: 2,
      paused: true,
      template: template(container('a', 'x'), container('b', 'y')),
    })
    let live = stored(applied('one', undefined, first))
    live = stored(applied('two', live, deployment({ paused: true })))
    live = stored(applied('one', live, deployment({ template: template(container('a', 'x')) })))
    expect(live.spec).toEqual({ paused: true, template: template(container('a', 'x')) })
  })

  test('what somebody else wrote into its element of a list stays', () => {
    let live = stored(
      applied('one', undefined, deployment({ template: template({ name: 'a', image: 'x' }) })),
    )
    const spec = { template: template({ name: 'a', image: 'x', workingDir: '/tmp' }) }
    const next = { ...live, spec }
    live = withManaged(next, trackUpdate(writer('two'), live, next))
    live = stored(applied('one', live, deployment({ template: template({ name: 'a', image: 'x2' }) })))
    expect(live.spec).toEqual({ template: template({ name: 'a', image: 'x2', workingDir: '/tmp' }) })
  })

  test('a whole list goes with its last element', () => {
    let live = stored(applied('one', undefined, deployment({}, { finalizers: ['x/y'] })))
    expect(fieldsOf(live, 'one')).toMatchObject({ 'f:metadata': { 'f:finalizers': { 'v:"x/y"': {} } } })
    live = stored(applied('one', live, deployment({})))
    expect((live.metadata as Json).finalizers).toBeUndefined()
  })

  test('of an object nobody was tracked on: what was there before is before-first-apply', () => {
    const live = deployment({ replicas: 1 }, { uid: 'u' })
    const refused = applied('a', live, deployment({ replicas: 2 }))
    if (refused.ok || !('conflicts' in refused)) throw new Error('a conflict is due')
    expect(conflictMessage(refused.conflicts)).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas',
    )
  })

  test('by kubectl takes what client-side apply had applied, and keeps its note right', () => {
    const note = 'kubectl.kubernetes.io/last-applied-configuration'
    const text = JSON.stringify(deployment({ replicas: 1 }))
    const live = created(
      'kubectl-client-side-apply',
      deployment({ replicas: 1, paused: true }, { annotations: { [note]: text } }),
    )
    const object = stored(applied('kubectl', live, deployment({ replicas: 2 })))
    const { annotations } = object.metadata as { annotations: Record<string, string> }
    expect(JSON.parse(annotations[note]!)).toEqual(deployment({ replicas: 2 }))
    expect(annotations[note]!.endsWith('\n')).toBe(true)
    const refused = applied('kubectl', live, deployment({ paused: false }))
    expect(refused.ok).toBe(false)
  })

  const wrong: [string, Json, string[]][] = [
    ['a field there is not', deployment({ foo: 1 }), ['.spec.foo: field not declared in schema']],
    [
      'one key twice',
      deployment({ template: template({ name: 'a' }, { name: 'a' }) }),
      ['.spec.template.spec.containers: duplicate entries for key [name="a"]'],
    ],
    [
      'a map where a list should be',
      deployment({ template: { spec: { containers: {} } } }),
      ['.spec.template.spec.containers: expected list, got {}'],
    ],
    [
      'text where a number should be',
      deployment({ replicas: 'x' }),
      ['.spec.replicas: expected numeric (int or float), got string'],
    ],
  ]
  test.each(wrong)('refuses %s', (_, configuration, errors) => {
    expect(applied('a', undefined, configuration)).toEqual({ ok: false, errors })
  })
})
