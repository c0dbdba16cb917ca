/**
 * How values of a type are owned and merged: as a whole, field by field, or element by element. Made of the
 * published types and the table of list types, or of a custom resource's schema; values of unknown type are merged
 * by what they are. Mirrors structured-merge-diff's `schema`.
 */
import { type Fields, type SchemaType, schemaOf } from '../schema/types.ts'
import { ALWAYS_VALUES, TYPE_FACTS, type TypeFacts } from './list-types.ts'

export type MergeType =
  | { readonly is: 'scalar'; readonly wants: 'string' | 'number' | 'boolean' | 'any' }
  /** A list or map that is one field; `wants` says which. */
  | { readonly is: 'atomic'; readonly wants: 'list' | 'map'; readonly of?: StructType }
  | { readonly is: 'set' }
  | { readonly is: 'keyed'; readonly keys: readonly string[]; readonly of: MergeType }
  | { readonly is: 'map'; readonly of: MergeType }
  | StructType
  /** No schema: maps are merged, lists and the rest are one field. */
  | { readonly is: 'unknown' }

export interface StructType {
  readonly is: 'struct'
  /** The type of a field; undefined when there is no such field. */
  field(name: string): MergeType | undefined
  /** Structs and lists that are there even when empty. */
  readonly values: readonly string[]
  /** What a missing key field of a list element counts as. */
  readonly defaults: Readonly<Record<string, unknown>>
}

const UNKNOWN: MergeType = Object.freeze({ is: 'unknown' })
const ATOMIC_LIST: MergeType = Object.freeze({ is: 'atomic', wants: 'list' })
const ATOMIC_MAP: MergeType = Object.freeze({ is: 'atomic', wants: 'map' })
const SET: MergeType = Object.freeze({ is: 'set' })
const NO_FACTS: TypeFacts = Object.freeze({})
const NO_DEFAULTS: Readonly<Record<string, unknown>> = Object.freeze({})

const roots = new Map<string, MergeType>()

/** The type of a kind's objects. Kinds whose schema is not published are of unknown type. */
export function mergeTypeOf(apiVersion: string, kind: string): MergeType {
  const key = `${apiVersion}/${kind}`
  let type = roots.get(key)
  if (!type) {
    const fields = schemaOf(apiVersion, kind)
    type = fields ? structOf(kind, fields) : UNKNOWN
    roots.set(key, type)
  }
  return type
}

const structs = new Map<Fields, StructType>()

function structOf(name: string, fields: Fields): StructType {
  let struct = structs.get(fields)
  if (struct) return struct
  const facts = factsOf(name)
  const types = new Map<string, MergeType | undefined>()
  struct = {
    is: 'struct',
    field(field) {
      if (types.has(field)) return types.get(field)
      const type = fields.get(field)
      const merged = type && fieldType(type, facts, field)
      types.set(field, merged)
      return merged
    },
    values: valuesOf(fields, facts),
    defaults: facts.defaults ?? NO_DEFAULTS,
  }
  structs.set(fields, struct)
  return struct
}

function factsOf(name: string): TypeFacts {
  return Object.hasOwn(TYPE_FACTS, name) ? TYPE_FACTS[name]! : NO_FACTS
}

function valuesOf(fields: Fields, facts: TypeFacts): readonly string[] {
  const common = [...ALWAYS_VALUES].filter(field => fields.get(field)?.is === 'struct')
  return common.concat((facts.values ?? []).filter(field => fields.get(field) !== undefined))
}

function fieldType(type: SchemaType, facts: TypeFacts, field: string): MergeType {
  switch (type.is) {
    case 'list': {
      if (facts.sets?.includes(field)) return SET
      const keys = facts.keys && Object.hasOwn(facts.keys, field) ? facts.keys[field] : undefined
      return keys ? { is: 'keyed', keys, of: fieldType(type.of, NO_FACTS, '') } : ATOMIC_LIST
    }
    case 'map':
      if (facts.atomicMaps?.includes(field)) return ATOMIC_MAP
      return { is: 'map', of: fieldType(type.of, NO_FACTS, '') }
    case 'struct': {
      const struct = structOf(type.name, type.type)
      const isAtomic = factsOf(type.name).isAtomic === true && facts.granular?.includes(field) !== true
      return isAtomic ? { is: 'atomic', wants: 'map', of: struct } : struct
    }
    case 'any':
      return UNKNOWN
    case 'string':
    case 'bytes':
      return { is: 'scalar', wants: 'string' }
    case 'bool':
      return { is: 'scalar', wants: 'boolean' }
    case 'int32':
    case 'int64':
    case 'float64':
      return { is: 'scalar', wants: 'number' }
    default:
      return { is: 'scalar', wants: 'any' }
  }
}

/** An OpenAPI schema, as custom resource definitions have it. */
export interface OpenApiSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly items?: OpenApiSchema
  readonly additionalProperties?: OpenApiSchema | boolean
  readonly default?: unknown
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
}

/** The type of a custom resource's objects; the server's own metadata is added. */
export function mergeTypeOfCustomResource(schema: OpenApiSchema | undefined): MergeType {
  if (!schema) return UNKNOWN
  const type = mergeTypeOfSchema(schema)
  if (type.is !== 'struct') return UNKNOWN
  const metadata = mergeTypeOf('v1', 'ConfigMap')
  const common: Readonly<Record<string, MergeType | undefined>> = {
    apiVersion: { is: 'scalar', wants: 'string' },
    kind: { is: 'scalar', wants: 'string' },
    metadata: metadata.is === 'struct' ? metadata.field('metadata') : UNKNOWN,
  }
  return {
    ...type,
    field: name => (Object.hasOwn(common, name) ? common[name] : type.field(name)),
    values: ['metadata'],
  }
}

function mergeTypeOfSchema(schema: OpenApiSchema): MergeType {
  if (schema['x-kubernetes-int-or-string']) return { is: 'scalar', wants: 'any' }
  switch (schema.type) {
    case 'string':
      return { is: 'scalar', wants: 'string' }
    case 'boolean':
      return { is: 'scalar', wants: 'boolean' }
    case 'integer':
    case 'number':
      return { is: 'scalar', wants: 'number' }
    case 'array': {
      const how = schema['x-kubernetes-list-type']
      if (how === 'set') return SET
      const keys = schema['x-kubernetes-list-map-keys']
      if (how !== 'map' || !keys || !schema.items) return ATOMIC_LIST
      return { is: 'keyed', keys, of: mergeTypeOfSchema(schema.items) }
    }
    case 'object':
      return objectType(schema)
    default:
      return UNKNOWN
  }
}

function objectType(schema: OpenApiSchema): MergeType {
  if (schema['x-kubernetes-map-type'] === 'atomic') return ATOMIC_MAP
  const { properties, additionalProperties } = schema
  if (!properties) {
    const of = typeof additionalProperties === 'object' ? mergeTypeOfSchema(additionalProperties) : UNKNOWN
    return additionalProperties === undefined ? UNKNOWN : { is: 'map', of }
  }
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true
  const types = new Map<string, MergeType>()
  const defaults: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    types.set(name, mergeTypeOfSchema(property))
    if (property.default !== undefined) defaults[name] = property.default
  }
  return {
    is: 'struct',
    field: name => types.get(name) ?? (keepsUnknown ? UNKNOWN : undefined),
    values: [],
    defaults,
  }
}
