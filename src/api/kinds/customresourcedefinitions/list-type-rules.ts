/** `x-kubernetes-list-type`, its keys, and `x-kubernetes-map-type`: how lists and maps are merged and compared. */
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import type { JsonSchema } from './types.ts'

const LIST_TYPES = ['atomic', 'set', 'map']
const MAP_TYPES = ['atomic', 'granular']

export function validateMapType(schema: JsonSchema, path: string): FieldError[] {
  const type = schema['x-kubernetes-map-type']
  if (type === undefined) return []
  const errors = validateHolder(schema, path, 'object', 'x-kubernetes-map-type')
  if (!MAP_TYPES.includes(type)) {
    errors.push(notSupported(`${path}.x-kubernetes-map-type`, type, MAP_TYPES))
  }
  return errors
}

export function validateListType(schema: JsonSchema, path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type']
  const typePath = `${path}.x-kubernetes-list-type`
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const needsMap = 'must be map if x-kubernetes-list-map-keys is non-empty'
  if (type === undefined) return keys.length > 0 ? [required(typePath, needsMap)] : []
  const errors = validateHolder(schema, path, 'array', 'x-kubernetes-list-type')
  if (type === 'set' && errors.length === 0) errors.push(...validateSetItems(schema, path))
  if (!LIST_TYPES.includes(type)) errors.push(notSupported(typePath, type, LIST_TYPES))
  if (keys.length > 0 && type !== 'map') errors.push(invalidValue(typePath, type, needsMap))
  if (type === 'map') errors.push(...validateKeyedItems(schema, keys, path))
  const items = itemsOf(schema)
  if (items?.nullable && (type === 'set' || type === 'map')) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${type}`
    errors.push(fieldForbidden(`${path}.items.nullable`, detail))
  }
  if (type === 'map' && items) errors.push(...validateKeys(items, keys, `${path}.items.properties`))
  return errors
}

function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  return Array.isArray(schema.items) ? undefined : schema.items
}

/** That the schema is of the type that an extension is for. */
function validateHolder(schema: JsonSchema, path: string, type: string, extension: string): FieldError[] {
  if (schema.type === type) return []
  const detail = `must be ${type} if ${extension} is specified`
  return [schema.type ? invalidValue(`${path}.type`, schema.type, detail) : required(`${path}.type`, detail)]
}

function validateSetItems(schema: JsonSchema, path: string): FieldError[] {
  const items = itemsOf(schema)
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const listType = items?.['x-kubernetes-list-type']
  if (items?.type === 'array' && listType !== undefined && listType !== 'atomic') {
    return [invalidValue(`${path}.items.x-kubernetes-list-type`, listType, detail)]
  }
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
    return [invalidValue(`${path}.items.x-kubernetes-map-type`, listType, detail)]
  }
  return []
}

function validateKeyedItems(schema: JsonSchema, keys: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = []
  const keysPath = `${path}.x-kubernetes-list-map-keys`
  if (keys.length === 0) {
    errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'))
  }
  const items = itemsOf(schema)
  if (!items) {
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
    return errors
  }
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map"
    errors.push(invalidValue(`${path}.items.type`, items.type ?? '', detail))
    return errors
  }
  keys.forEach((key, i) => {
    const property = items.properties?.[key]
    if (!property) {
      errors.push(invalidValue(keysPath, keys, 'entries must all be names of item properties'))
    } else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      errors.push(invalidValue(`${path}.items.properties[${key}].type`, items.type, detail))
    }
    if (keys.indexOf(key) < i) errors.push(invalidValue(keysPath, keys, 'must not contain duplicate entries'))
  })
  return errors
}

/** Keys are always there: required, or filled in. */
function validateKeys(items: JsonSchema, keys: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const key of keys) {
    const property = items.properties?.[key]
    if (!property) continue
    if (!items.required?.includes(key) && property.default === undefined) {
      const detail =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
      errors.push(required(`${path}[${key}].default`, detail))
    }
    if (property.nullable) {
      const detail = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'
      errors.push(fieldForbidden(`${path}[${key}].nullable`, detail))
    }
  }
  return errors
}
