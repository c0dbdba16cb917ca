/**
 * What a structural schema does to an object before anybody judges it: unknown fields go, absent ones get their
 * defaults. Mirrors `pkg/apiserver/schema/{pruning,defaulting,objectmeta}` of apiextensions-apiserver. Pure; what is
 * not touched is shared.
 */
import type { JsonSchema } from '../kinds/customresourcedefinitions/types.ts'

type Json = Readonly<Record<string, unknown>>

const TYPE_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/** Told the path of a field that goes: `spec.foo`, `spec.list[0].bar`. */
type OnUnknown = (path: string) => void

/** The object without fields that the schema does not know. The type and metadata of the object itself stay. */
export function prune<T extends object>(object: T, schema: JsonSchema, onUnknown?: OnUnknown): T {
  return pruneRecord(object as Json, schema, true, '', onUnknown) as T
}

function pruneValue(value: unknown, schema: JsonSchema, path: string, onUnknown?: OnUnknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items || Array.isArray(items)) return value
    return mapShared(value, (item, i) => pruneValue(item, items, `${path}[${i}]`, onUnknown))
  }
  if (!isRecord(value)) return value
  return pruneRecord(value, schema, schema['x-kubernetes-embedded-resource'] === true, path, onUnknown)
}

function pruneRecord(
  record: Json,
  schema: JsonSchema,
  isResource: boolean,
  path: string,
  onUnknown?: OnUnknown,
): Json {
  const { properties, additionalProperties } = schema
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true
  let pruned: Record<string, unknown> | undefined
  for (const name of Object.keys(record)) {
    if (isResource && TYPE_FIELDS.has(name)) continue
    const below = path === '' ? name : `${path}.${name}`
    const known = own(properties, name)
    const schemaOfValue =
      known ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
    if (schemaOfValue) {
      const value = pruneValue(record[name], schemaOfValue, below, onUnknown)
      if (value !== record[name]) {
        pruned ??= { ...record }
        pruned[name] = value
      }
      continue
    }
    if (isOpen || additionalProperties === true) continue
    onUnknown?.(below)
    pruned ??= { ...record }
    delete pruned[name]
  }
  return pruned ?? record
}

/** The object with the schema's defaults where it says nothing, and where it says null and may not. */
function fillDefaults<T>(value: T, schema: JsonSchema): T {
  return defaulted(value, schema) as T
}

function defaulted(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items || Array.isArray(items)) return value
    return mapShared(value, item => defaulted(item, items))
  }
  if (!isRecord(value)) return value
  const { properties, additionalProperties } = schema
  let filled: Record<string, unknown> | undefined
  const put = (name: string, next: unknown) => {
    filled ??= { ...value }
    filled[name] = next
  }
  for (const name of Object.keys(properties ?? {})) {
    const below = properties![name]!
    const present = Object.hasOwn(value, name) ? value[name] : undefined
    const isAbsent = present === undefined || (present === null && !below.nullable)
    if (isAbsent) {
      if (below.default !== undefined) put(name, defaulted(below.default, below))
      // A null that may not be is as good as nothing.
      continue
    }
    const next = defaulted(present, below)
    if (next !== present) put(name, next)
  }
  if (typeof additionalProperties === 'object') {
    for (const name of Object.keys(value)) {
      if (own(properties, name)) continue
      const next = defaulted(value[name], additionalProperties)
      if (next !== value[name]) put(name, next)
    }
  }
  return filled ?? value
}

/** An object as it is to be read and judged: nothing unknown, nothing missing. */
export function completed<T extends object>(object: T, schema: JsonSchema): T {
  return fillDefaults(prune(object, schema), schema)
}

/** A property's schema; `constructor` and the like are no properties. */
function own(properties: JsonSchema['properties'], name: string): JsonSchema | undefined {
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined
}

function mapShared(
  list: readonly unknown[],
  change: (item: unknown, index: number) => unknown,
): readonly unknown[] {
  let changed: unknown[] | undefined
  list.forEach((item, index) => {
    const next = change(item, index)
    if (next === item) return
    changed ??= [...list]
    changed[index] = next
  })
  return changed ?? list
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
