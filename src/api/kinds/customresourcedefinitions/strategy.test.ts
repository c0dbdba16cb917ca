import { describe, expect, test } from 'vitest'
import { changeComplaints, complaints, row, stored } from '../shared/kinds.testing.ts'
import { CustomResourceDefinitions } from './index.ts'
import type { CustomResourceDefinition, JsonSchema } from './types.ts'

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
}
const VERSION = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCHEMA } }
const SPEC = {
  group: 'example.com',
  scope: 'Namespaced',
  names: { plural: 'widgets', kind: 'Widget' },
  versions: [VERSION],
}
const definition = (spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'widgets.example.com', ...metadata },
  spec: { ...SPEC, ...spec },
})
const withSchema = (schema: object) =>
  definition({ versions: [{ ...VERSION, schema: { openAPIV3Schema: schema } }] })
const withSpec = (schema: object) => withSchema({ type: 'object', properties: { spec: schema } })
const SPEC_PATH = 'spec.validation.openAPIV3Schema.properties[spec]'

test('names, conversion and the stored version are filled in', () => {
  const { spec, status } = stored(CustomResourceDefinitions, definition()) as CustomResourceDefinition
  expect(spec.names).toEqual({
    plural: 'widgets',
    kind: 'Widget',
    singular: 'widget',
    listKind: 'WidgetList',
  })
  expect(spec.conversion).toEqual({ strategy: 'None' })
  expect(status).toEqual({ storedVersions: ['v1'] })
})

test('the table shows when', () => {
  expect(row(CustomResourceDefinitions, definition())).toBe(
    'Name=widgets.example.com Created At=2026-01-01T00:00:00Z',
  )
})

describe('a definition is refused for', () => {
  test.each<[what: string, object: object, complaints: string[]]>([
    ['nothing', definition(), []],
    [
      'another name than its plural and group',
      definition({}, { name: 'gadgets.example.com' }),
      ['metadata.name: Invalid value: "gadgets.example.com": must be spec.names.plural+"."+spec.group'],
    ],
    [
      'no schema',
      definition({ versions: [{ name: 'v1', served: true, storage: true }] }),
      ['spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required'],
    ],
    [
      'its scope',
      definition({ scope: 'World' }),
      ['spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'a column',
      definition({
        versions: [{ ...VERSION, additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: 'spec' }] }],
      }),
      [
        'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
      ],
    ],
    [
      'a scale without paths',
      definition({ versions: [{ ...VERSION, subresources: { scale: { specReplicasPath: '.status.n' } } }] }),
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: ".status.n": should be a json path under .spec',
        'spec.subresources.scale.statusReplicasPath: Required value',
      ],
    ],
    [
      'a webhook without a client',
      definition({ conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } } }),
      ['spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook'],
    ],
    [
      'a group of Kubernetes',
      { ...definition({ group: 'x.k8s.io' }), metadata: { name: 'widgets.x.k8s.io' } },
      [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
  ])('%s', (_what, object, expected) => {
    expect(complaints(CustomResourceDefinitions, object)).toEqual(expected)
  })
})

describe('a schema is refused for', () => {
  test.each<[what: string, object: object, complaints: string[]]>([
    [
      'a field without a type',
      withSpec({}),
      [`${SPEC_PATH}.type: Required value: must not be empty for specified object fields`],
    ],
    [
      'a list without items',
      withSpec({ type: 'array' }),
      [`${SPEC_PATH}.items: Required value: must be specified`],
    ],
    [
      'a condition on a field that is not there',
      withSchema({ ...SCHEMA, anyOf: [{ properties: { a: { maxLength: 1 } } }] }),
      [
        'spec.validation.openAPIV3Schema.properties[a]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[a]',
      ],
    ],
    [
      'a root that is no object',
      withSchema({ type: 'array', items: { type: 'string' } }),
      ['spec.validation.openAPIV3Schema.type: Invalid value: "array": must be object at the root'],
    ],
    [
      'properties with additionalProperties',
      withSpec({
        type: 'object',
        properties: { a: { type: 'string' } },
        additionalProperties: { type: 'string' },
      }),
      [
        `${SPEC_PATH}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
      ],
    ],
    [
      'a condition with a type',
      withSpec({ type: 'object', anyOf: [{ properties: { a: { type: 'string' } } }] }),
      [`${SPEC_PATH}.anyOf[0].properties[a].type: Forbidden: must be empty to be structural`],
    ],
    [
      'nothing: a count or a percentage',
      withSpec({
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        'x-kubernetes-int-or-string': true,
      }),
      [],
    ],
    [
      'keys of a list that may be absent',
      withSpec({
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { name: { type: 'string' } } },
      }),
      [
        `${SPEC_PATH}.items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
      ],
    ],
    [
      'more of metadata than its name',
      withSchema({
        type: 'object',
        properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
      }),
      [
        'spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    ],
    [
      'a rule of CEL that is empty',
      withSpec({ type: 'object', 'x-kubernetes-validations': [{ rule: ' ' }] }),
      [`${SPEC_PATH}.x-kubernetes-validations[0].rule: Required value: rule is not specified`],
    ],
  ])('%s', (_what, object, expected) => {
    expect(complaints(CustomResourceDefinitions, object)).toEqual(expected)
  })
})

test('group and plural stay what they are', () => {
  const changed = {
    metadata: { name: 'gizmos.example.com' },
    spec: { ...SPEC, names: { plural: 'gizmos', kind: 'W' } },
  }
  expect(changeComplaints(CustomResourceDefinitions, definition(), changed)).toContain(
    'spec.names.plural: Invalid value: "gizmos": field is immutable',
  )
})

test('a version that objects were stored in stays', () => {
  const next = definition({ versions: [{ ...VERSION, name: 'v2' }] })
  const old = stored(CustomResourceDefinitions, definition()) as CustomResourceDefinition
  const sent = {
    ...(stored(CustomResourceDefinitions, next) as CustomResourceDefinition),
    status: old.status,
  }
  const { strategy } = CustomResourceDefinitions
  const kept = strategy.prepareForUpdate!(sent, old, undefined as never)
  expect(kept.status.storedVersions).toEqual(['v1', 'v2'])
  expect(strategy.validateUpdate!(kept, old).map(error => error.field)).toEqual(['status.storedVersions[0]'])
})
