/**
 * Structural schemas: every field has a type, and conditions (`allOf`, `anyOf`, `oneOf`, `not`) only narrow what
 * the structure says already. Mirrors `ValidateStructural` of pkg/apiserver/schema; complaints come sorted.
 */
import { semanticEqual } from '../../deep-equal.ts'
import { type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import type { JsonSchema } from './types.ts'

type Level = 'root' | 'item' | 'field'

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}
const INTEGER_OR_STRING = [{ type: 'integer' }, { type: 'string' }]

export function validateStructure(schema: JsonSchema, path: string): FieldError[] {
  const errors = [
    ...validateInvariants(schema, 'root', path),
    ...validateCompleteness(schema, schema, path, path),
  ]
  const text = (error: FieldError) => `${error.field}: ${error.message}`
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

function validateInvariants(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const items = Array.isArray(schema.items) ? undefined : schema.items
  if (schema.type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'))
  if (items) errors.push(...validateInvariants(items, 'item', `${path}.items`))
  for (const name in schema.properties) {
    errors.push(...validateInvariants(schema.properties[name]!, 'field', `${path}.properties[${name}]`))
  }
  const { additionalProperties: additional } = schema
  if (additional !== undefined && level === 'root') {
    errors.push(fieldForbidden(`${path}.additionalProperties`, 'must not be used at the root'))
  }
  if (typeof additional === 'object') {
    errors.push(...validateInvariants(additional, 'field', `${path}.additionalProperties`))
  }
  errors.push(...validateExtensions(schema, path))
  errors.push(...validateConditions(schema, path))
  errors.push(...validateType(schema, level, path))
  errors.push(...validateMetaProperties(schema, level, path))
  return errors
}

function validateExtensions(schema: JsonSchema, path: string): FieldError[] {
  if (!schema['x-kubernetes-int-or-string']) return []
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter(field => schema[field])
    .map(field =>
      invalidValue(`${path}.${field}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    )
}

function validateType(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { type } = schema
  const isEmbedded = schema['x-kubernetes-embedded-resource']
  const isOpen = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']
  if (isEmbedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(type ? invalidValue(`${path}.type`, type, detail) : required(`${path}.type`, detail))
  } else if (!type && !isOpen) errors.push(required(`${path}.type`, EMPTY_TYPE[level]))
  if (isEmbedded && schema.additionalProperties !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set'
    errors.push(fieldForbidden(`${path}.additionalProperties`, detail))
  }
  if (level === 'root' && type && type !== 'object') {
    errors.push(invalidValue(`${path}.type`, type, 'must be object at the root'))
  }
  return errors
}

/** What may be said of `kind`, `apiVersion` and `metadata` of a whole object. */
function validateMetaProperties(schema: JsonSchema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const isEmbedded = schema['x-kubernetes-embedded-resource']
  const isObject = level === 'root' || isEmbedded
  const { kind, apiVersion, metadata } = schema.properties ?? {}
  for (const [name, property] of Object.entries({ kind, apiVersion })) {
    if (!isObject || !property || property.type === 'string') continue
    errors.push(invalidValue(`${path}.properties[${name}].type`, property.type ?? '', 'must be string'))
  }
  const metadataPath = `${path}.properties[metadata]`
  if (metadata && isObject && metadata.type !== 'object') {
    errors.push(invalidValue(`${metadataPath}.type`, metadata.type ?? '', 'must be object'))
  }
  if (metadata && level === 'root') {
    const { type: _type, default: _default, properties = {}, ...rest } = metadata
    const isNameOnly = Object.keys(properties).every(name => name === 'name' || name === 'generateName')
    if (!isNameOnly || Object.keys(rest).length > 0) {
      const detail =
        'must not specify anything other than name and generateName, but metadata is implicitly specified'
      errors.push(fieldForbidden(metadataPath, detail))
    }
  }
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0
  if (isEmbedded && !schema['x-kubernetes-preserve-unknown-fields'] && isEmpty) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(required(`${path}.properties`, detail))
  }
  return errors
}

/** The junctors of a schema; those that only say "integer or string" may name types. */
function validateConditions(schema: JsonSchema, path: string, mayBeIntOrString = true): FieldError[] {
  const errors: FieldError[] = []
  const isIntOrString = (list: readonly JsonSchema[] | undefined) =>
    mayBeIntOrString && semanticEqual(list, INTEGER_OR_STRING)
  if (!isIntOrString(schema.anyOf)) {
    schema.anyOf?.forEach((one, i) => {
      errors.push(...validateCondition(one, `${path}.anyOf[${i}]`))
    })
  }
  schema.allOf?.forEach((one, i) => {
    const onlyTypes = i === 0 && isIntOrString(one.anyOf)
    errors.push(...validateCondition(onlyTypes ? { ...one, anyOf: undefined } : one, `${path}.allOf[${i}]`))
  })
  schema.oneOf?.forEach((one, i) => {
    errors.push(...validateCondition(one, `${path}.oneOf[${i}]`))
  })
  if (schema.not) errors.push(...validateCondition(schema.not, `${path}.not`))
  if (schema.pattern) errors.push(...validatePattern(schema.pattern, `${path}.pattern`))
  return errors
}

function validatePattern(pattern: string, path: string): FieldError[] {
  try {
    new RegExp(pattern.replace(/^\(\?i\)/, ''), 'u')
    return []
  } catch (error) {
    const why = (error as Error).message
    return [invalidValue(path, pattern, `must be a valid regular expression, but isn't: ${why}`)]
  }
}

const EMPTY_IN_CONDITIONS = [
  ['type', 'empty'],
  ['additionalProperties', 'undefined'],
  ['default', 'undefined'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['nullable', 'false'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-map-type', 'undefined'],
  ['x-kubernetes-validations', 'empty'],
] as const

/** A schema under a junctor: it may only check values. */
function validateCondition(schema: JsonSchema, path: string): FieldError[] {
  const errors = validateConditions(schema, path, false)
  if (schema.items && !Array.isArray(schema.items)) {
    errors.push(...validateCondition(schema.items, `${path}.items`))
  }
  for (const name in schema.properties) {
    errors.push(...validateCondition(schema.properties[name]!, `${path}.properties[${name}]`))
  }
  for (const [field, what] of EMPTY_IN_CONDITIONS) {
    const value = schema[field]
    const isSet = what === 'undefined' ? value !== undefined : Array.isArray(value) ? value.length > 0 : value
    if (isSet) errors.push(fieldForbidden(`${path}.${field}`, `must be ${what} to be structural`))
  }
  if (schema.properties?.metadata) {
    errors.push(fieldForbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
  }
  return errors
}

/** That what conditions talk about is in the structure. */
function validateCompleteness(
  condition: JsonSchema,
  structure: JsonSchema,
  structurePath: string,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  const { not, allOf = [], anyOf = [], oneOf = [] } = condition
  const below = (one: JsonSchema, onePath: string) =>
    errors.push(...validateConditionComplete(one, structure, structurePath, onePath))
  if (not) below(not, `${path}.not`)
  for (const [junctor, list] of Object.entries({ allOf, anyOf, oneOf })) {
    list.forEach((one, i) => {
      below(one, `${path}.${junctor}[${i}]`)
    })
  }
  return errors
}

function validateConditionComplete(
  condition: JsonSchema,
  structure: JsonSchema | undefined,
  structurePath: string,
  path: string,
): FieldError[] {
  if (!structure) return [required(structurePath, `because it is defined in ${path}`)]
  const errors = validateCompleteness(condition, structure, structurePath, path)
  if (condition.items && !Array.isArray(condition.items)) {
    const items = Array.isArray(structure.items) ? undefined : structure.items
    const itemsPath = `${structurePath}.items`
    errors.push(...validateConditionComplete(condition.items, items, itemsPath, `${path}.items`))
  }
  for (const name in condition.properties) {
    const property = `properties[${name}]`
    errors.push(
      ...validateConditionComplete(
        condition.properties[name]!,
        structure.properties?.[name],
        `${structurePath}.${property}`,
        `${path}.${property}`,
      ),
    )
  }
  return errors
}
