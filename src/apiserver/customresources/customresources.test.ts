import { describe, expect, test } from 'vitest'
import {
  type AnyKind,
  type CustomResourceDefinition,
  CustomResourceDefinitions,
  KINDS,
  type KubeObject,
  Scheme,
  table,
} from '../../api/index.ts'
import { refusalOf, World } from '../world.testing.ts'

const VERSION = {
  name: 'v1',
  served: true,
  storage: true,
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          required: ['cronSpec'],
          properties: {
            cronSpec: { type: 'string', pattern: '^(\\d+|\\*)( (\\d+|\\*)){4}$' },
            image: { type: 'string', default: 'busybox' },
            replicas: { type: 'integer', minimum: 1, maximum: 10 },
            mode: { type: 'string', enum: ['fast', 'slow'] },
            min: { type: 'integer' },
            port: { 'x-kubernetes-int-or-string': true },
            free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
          'x-kubernetes-validations': [
            {
              rule: '!has(self.min) || !has(self.replicas) || self.min <= self.replicas',
              messageExpression: "'replicas must be at least ' + string(self.min)",
              fieldPath: '.replicas',
            },
            { rule: 'self.cronSpec == oldSelf.cronSpec', message: 'cronSpec is immutable' },
          ],
        },
        status: {
          type: 'object',
          properties: { replicas: { type: 'integer' }, selector: { type: 'string' } },
        },
      },
    },
  },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  },
  additionalPrinterColumns: [
    { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
}

const definition = (versions: readonly object[] = [VERSION], names: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crontabs.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', shortNames: ['ct'], ...names },
    versions,
  },
})

function crontab(name: string, spec: object, version = 'v1') {
  return {
    apiVersion: `stable.example.com/${version}`,
    kind: 'CronTab',
    metadata: { name, namespace: 'default' },
    spec: { cronSpec: '* * * * *', ...spec },
  }
}

interface CronTab extends KubeObject {
  spec: Record<string, unknown>
  status?: Record<string, unknown>
}

function worldWith(body: object = definition()) {
  const scheme = new Scheme(KINDS)
  const world = new World({ scheme })
  world.create(CustomResourceDefinitions, body)
  world.sim.advance(100)
  const kind = (version = 'v1') => scheme.byResource(`stable.example.com/${version}`, 'crontabs') as AnyKind
  const create = (object: object, options = {}, version = 'v1') =>
    world.ask<CronTab>('create', kind(version), 'default/', object, {
      isFromWire: true,
      ...options,
    } as object)
  return { world, scheme, kind, create }
}

describe('a definition', () => {
  test('is established under the names it wants', () => {
    const { world } = worldWith()
    const { status } = world.must<CustomResourceDefinition>(
      world.ask('get', CustomResourceDefinitions, 'crontabs.stable.example.com'),
    )
    expect(status.acceptedNames).toMatchObject({
      plural: 'crontabs',
      kind: 'CronTab',
      listKind: 'CronTabList',
    })
    expect(status.conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
    ])
    expect(status.storedVersions).toEqual(['v1'])
  })

  test('waits for names that others in its group have', () => {
    const { world } = worldWith()
    const other = definition([VERSION], {
      plural: 'others',
      singular: 'crontab',
      kind: 'Other',
      shortNames: [],
    })
    world.create(CustomResourceDefinitions, { ...other, metadata: { name: 'others.stable.example.com' } })
    world.sim.advance(100)
    const get = () =>
      world.must<CustomResourceDefinition>(
        world.ask('get', CustomResourceDefinitions, 'others.stable.example.com'),
      ).status.conditions
    expect(get()).toMatchObject([
      {
        type: 'NamesAccepted',
        status: 'False',
        reason: 'SingularConflict',
        message: '"crontab" is already in use',
      },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ])
    world.must(world.ask('delete', CustomResourceDefinitions, 'crontabs.stable.example.com'))
    world.sim.advance(5000)
    expect(get()).toMatchObject([{ status: 'True' }, { status: 'True' }])
  })

  test('takes its objects with it', () => {
    const { world, create, scheme } = worldWith()
    expect(create(crontab('a', {})).ok).toBe(true)
    const deleted = world.must<CustomResourceDefinition>(
      world.ask('delete', CustomResourceDefinitions, 'crontabs.stable.example.com'),
    )
    expect(deleted.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io'])
    world.sim.advance(5000)
    expect(world.ask('get', CustomResourceDefinitions, 'crontabs.stable.example.com').ok).toBe(false)
    expect(scheme.byResource('stable.example.com/v1', 'crontabs')).toBeUndefined()
    expect(world.etcd.store.get('/registry/stable.example.com/crontabs/default/a')).toBeUndefined()
  })

  test('is taken over by the next server', () => {
    const { world, create, kind } = worldWith()
    expect(create(crontab('a', {})).ok).toBe(true)
    const before = kind()
    world.restart()
    world.sim.advance(100)
    expect(kind()).toBe(before)
    expect(world.ask('get', kind(), 'default/a').ok).toBe(true)
  })
})

describe('a custom resource', () => {
  test('is completed, pruned and counted', () => {
    const { world, create, kind } = worldWith()
    const body = crontab('a', { replicas: 2, unknown: 1, free: { any: { thing: 1 } } })
    const result = create(body)
    expect(result).toMatchObject({ ok: true, code: 201, warnings: ['unknown field "spec.unknown"'] })
    const stored = world.must<CronTab>(result)
    expect(stored.spec).toEqual({
      cronSpec: '* * * * *',
      replicas: 2,
      free: { any: { thing: 1 } },
      image: 'busybox',
    })
    expect(stored.metadata.generation).toBe(1)
    const patch = (body: object, path = 'default/a') =>
      world.must<CronTab>(world.ask('patch', kind(), path, body, { patchType: 'merge' }))
    expect(patch({ spec: { replicas: 3 } }).metadata.generation).toBe(2)
    expect(patch({ status: { replicas: 9 } }).status).toBeUndefined()
    expect(patch({ status: { replicas: 1 } }, 'default/a#status')).toMatchObject({
      metadata: { generation: 2 },
      status: { replicas: 1 },
    })
  })

  test.each([
    [
      { cronSpec: '* *' },
      'spec.cronSpec: Invalid value: "* *": spec.cronSpec in body should match \'^(\\d+|\\*)( (\\d+|\\*)){4}$\'',
    ],
    [
      { replicas: 11 },
      'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
    ],
    [{ mode: 'odd' }, 'spec.mode: Unsupported value: "odd": supported values: "fast", "slow"'],
    [{ min: 3, replicas: 2 }, 'spec.replicas: Invalid value: "object": replicas must be at least 3'],
    [
      { replicas: 'two' },
      '[spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string", <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    ],
    [
      { cronSpec: null },
      '[spec.cronSpec: Invalid value: "null": spec.cronSpec in body must be of type string: "null", <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    ],
  ])('with %j is invalid', (spec, why) => {
    const { create } = worldWith()
    expect(refusalOf(create(crontab('a', spec)))).toBe(
      `422 Invalid: CronTab.stable.example.com "a" is invalid: ${why}`,
    )
  })

  test('keeps to transition rules', () => {
    const { world, create, kind } = worldWith()
    create(crontab('a', {}))
    const result = world.ask(
      'patch',
      kind(),
      'default/a',
      { spec: { cronSpec: '1 * * * *' } },
      { patchType: 'merge' },
    )
    expect(refusalOf(result)).toBe(
      '422 Invalid: CronTab.stable.example.com "a" is invalid: spec: Invalid value: "object": cronSpec is immutable',
    )
  })

  test('has a scale and columns', () => {
    const { world, create, kind } = worldWith()
    const stored = world.must<CronTab>(create(crontab('a', { replicas: 2 })))
    const scale = world.must(world.ask('get', kind(), 'default/a#scale'))
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } })
    world.must(
      world.ask('patch', kind(), 'default/a#scale', { spec: { replicas: 5 } }, { patchType: 'merge' }),
    )
    world.settle()
    expect(world.must<CronTab>(world.ask('get', kind(), 'default/a')).spec.replicas).toBe(5)
    const { columns, rows } = table(kind(), [stored], world.sim.now)
    expect(columns.map(({ name }) => name)).toEqual(['Name', 'Spec', 'Replicas', 'Age'])
    expect(rows[0]!.cells.slice(0, 3)).toEqual(['a', '* * * * *', 2])
  })

  test('is served in several versions', () => {
    const older = { ...VERSION, name: 'v1beta1', storage: false }
    const { world, create, kind } = worldWith(definition([VERSION, older]))
    world.must<KubeObject>(create(crontab('a', {}, 'v1beta1'), {}, 'v1beta1'))
    world.settle()
    expect(world.must<KubeObject>(world.ask('get', kind(), 'default/a')).apiVersion).toBe(
      'stable.example.com/v1',
    )
    expect(world.must<KubeObject>(world.ask('get', kind('v1beta1'), 'default/a')).apiVersion).toBe(
      'stable.example.com/v1beta1',
    )
  })

  test('gets defaults that came after it', () => {
    const { world, create, kind } = worldWith()
    create(crontab('a', {}))
    const spec = VERSION.schema.openAPIV3Schema.properties.spec
    const changed = structuredClone(VERSION) as typeof VERSION
    Object.assign(changed.schema.openAPIV3Schema.properties.spec.properties, {
      late: { type: 'string', default: 'now' },
    })
    expect(spec.properties).not.toHaveProperty('late')
    world.must(
      world.ask(
        'patch',
        CustomResourceDefinitions,
        'crontabs.stable.example.com',
        { spec: { versions: [changed] } },
        { patchType: 'merge' },
      ),
    )
    world.sim.advance(100)
    expect(world.must<CronTab>(world.ask('get', kind(), 'default/a')).spec.late).toBe('now')
  })
})
