/** What holds of every server-side apply, whoever applies what. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepEqual } from '../deep-equal.ts'
import { fieldSetOf } from './field-set.ts'
import { decodeFieldsV1, encodeFieldsV1, keyElement } from './fields-v1.ts'
import { applyConfiguration, type FieldWriter, type ManagedFieldsEntry, trackUpdate } from './index.ts'
import { mergeTypeOf } from './merge-type.ts'
import { toFieldSet } from './to-field-set.ts'

type Json = Record<string, unknown>

const TYPE = mergeTypeOf('apps/v1', 'Deployment')
const RUNS = { numRuns: 300, seed: 7 }

function writer(manager: string): FieldWriter {
  return {
    manager,
    apiVersion: 'apps/v1',
    subresource: '',
    versions: { typeAt: version => (version === 'apps/v1' ? TYPE : undefined), convert: object => object },
    resets: ['status'],
    now: '2026-01-01T00:00:00Z',
  }
}

const container = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    image: fc.constantFrom('x', 'y'),
    args: fc.array(fc.constantFrom('1', '2'), { maxLength: 2 }),
    ports: fc.uniqueArray(
      fc.record({ containerPort: fc.constantFrom(80, 443), name: fc.constantFrom('p', 'q') }),
      { selector: port => port.containerPort, maxLength: 2 },
    ),
  },
  { requiredKeys: ['name'] },
)

const spec = fc.record(
  {
    replicas: fc.integer({ min: 0, max: 2 }),
    paused: fc.boolean(),
    selector: fc.record({ matchLabels: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('1', '2')) }),
    template: fc.record({
      spec: fc.record(
        {
          containers: fc.uniqueArray(container, { selector: one => one.name, maxLength: 3 }),
          nodeSelector: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('1', '2')),
        },
        { requiredKeys: ['containers'] },
      ),
    }),
  },
  { requiredKeys: [] },
)

const labels = fc.dictionary(fc.constantFrom('k', 'l', 'm'), fc.constantFrom('1', '2'))

const configuration: fc.Arbitrary<Json> = fc.record({ spec, labels }).map(
  one =>
    withoutEmpties({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: one.labels },
      spec: one.spec,
    }) as Json,
)

/** Empty maps and lists are as good as none, yet say their name in FieldsV1: a matter of other tests. */
function withoutEmpties(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpties)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value)
    .map(([name, below]) => [name, withoutEmpties(below)] as const)
    .filter(([, below]) => below !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function applied(manager: string, live: Json | undefined, wanted: Json, isForced = true): Json {
  const outcome = applyConfiguration(writer(manager), live, wanted, isForced)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  const { managedFields, object } = outcome
  return { ...object, metadata: { ...(object.metadata as Json), uid: 'u', managedFields } }
}

function fieldsOf(object: Json, manager: string): unknown {
  const { managedFields = [] } = object.metadata as { managedFields?: ManagedFieldsEntry[] }
  return managedFields.find(entry => entry.manager === manager)?.fieldsV1 ?? {}
}

const NOBODYS = fieldSetOf([['f:apiVersion'], ['f:kind'], ['f:metadata', 'f:name'], ['f:metadata']])

test('an apply that is repeated changes nothing', () => {
  fc.assert(
    fc.property(configuration, configuration, configuration, (first, second, third) => {
      const live = applied('one', applied('two', applied('one', undefined, first), second), third)
      expect(withoutEmpties(applied('one', live, third, false))).toEqual(withoutEmpties(live))
    }),
    RUNS,
  )
})

test('an applier owns what it applied last and nothing else', () => {
  fc.assert(
    fc.property(configuration, configuration, configuration, (first, second, third) => {
      const live = applied('one', applied('two', applied('one', undefined, first), second), third)
      const named = toFieldSet(third, TYPE).set.difference(NOBODYS)
      expect(fieldsOf(live, 'one')).toEqual(encodeFieldsV1(named))
    }),
    RUNS,
  )
})

test('one applier alone gets exactly what it applies, whatever it applied before', () => {
  fc.assert(
    fc.property(configuration, configuration, (first, second) => {
      const afresh = applied('one', undefined, second)
      const instead = applied('one', applied('one', undefined, first), second)
      expect(withoutEmpties(instead)).toEqual(withoutEmpties(afresh))
    }),
    RUNS,
  )
})

test('appliers of different fields never conflict', () => {
  fc.assert(
    fc.property(configuration, labels, (first, ours) => {
      const live = applied('one', undefined, { ...first, metadata: { name: 'web' } })
      const { apiVersion, kind } = first
      const wanted = { apiVersion, kind, metadata: { name: 'web', labels: ours } }
      const both = applied('two', live, wanted, false)
      expect(both.spec).toEqual(live.spec)
    }),
    RUNS,
  )
})

test('an apply conflicts exactly when it would change what another has', () => {
  fc.assert(
    fc.property(configuration, configuration, (first, second) => {
      const live = applied('one', undefined, first)
      const outcome = applyConfiguration(writer('two'), live, second, false)
      const forced = applied('two', live, second)
      const hasLost = !deepEqual(fieldsOf(forced, 'one'), fieldsOf(live, 'one'))
      expect(outcome.ok).toBe(!hasLost)
    }),
    RUNS,
  )
})

test('after an update nobody has a field that is not there', () => {
  fc.assert(
    fc.property(configuration, configuration, configuration, (first, second, third) => {
      const live = applied('two', applied('one', undefined, first), second)
      const { managedFields: old, ...metadata } = live.metadata as Json
      const next = { ...third, metadata: { ...metadata, labels: (third.metadata as Json).labels } }
      const entries = trackUpdate(writer('three'), live, next) ?? []
      const there = toFieldSet(next, TYPE).set
      for (const { fieldsV1 } of entries) {
        for (const path of decodeFieldsV1(fieldsV1)!.paths()) {
          // Go's containers have resources, said or not.
          const isImplied = path.at(-1) === 'f:resources'
          expect(isImplied || there.has(path) || isPrefix(path, there.paths())).toBe(true)
        }
      }
    }),
    { ...RUNS, numRuns: 100 },
  )
})

function isPrefix(path: readonly string[], paths: readonly (readonly string[])[]): boolean {
  return paths.some(other => path.every((element, i) => element === other[i]))
}

test('FieldsV1 says the same there and back', () => {
  fc.assert(
    fc.property(configuration, one => {
      const { set } = toFieldSet(one, TYPE)
      const back = decodeFieldsV1(JSON.parse(JSON.stringify(encodeFieldsV1(set))))
      expect(back?.equals(set)).toBe(true)
    }),
    RUNS,
  )
  expect(keyElement({ protocol: 'TCP', containerPort: 80 })).toBe('k:{"containerPort":80,"protocol":"TCP"}')
})
