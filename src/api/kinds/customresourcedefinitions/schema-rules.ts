/**
 * Schemas of custom resources: what of OpenAPI v3 may be used, and how Kubernetes' own extensions go together.
 * Mirrors `ValidateCustomResourceDefinitionOpenAPISchema`; defaults are not validated against their schemas.
 */
import { type FieldError, fieldForbidden, invalidValue, notSupported } from '../../field-error.ts'
import { validateValidationRules } from './cel-rule-rules.ts'
import { validateListType, validateMapType } from './list-type-rules.ts'
import { validateStructure } from './structural-rules.ts'
import type { CustomResourceVersion, JsonSchema } from './types.ts'

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const META_FIELDS = ['metadata', 'kind', 'apiVersion']

/** Fields of the root that are left when the status is cut out of it, as upstream names them. */
const ROOT_FIELDS = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
]

/** What is different inside of metadata and the like. */
interface Place {
  readonly isRoot: boolean
  readonly isInsideMeta: boolean
  /** Why there may be no defaults; undefined where there may. */
  readonly noDefaults: string | undefined
}

/** The schema of a version, whole. */
export function validateRootSchema(version: CustomResourceVersion, path: string): FieldError[] {
  const schema = version.schema?.openAPIV3Schema
  if (!schema) return []
  const errors = version.subresources?.status ? validateRootWithStatus(schema, path) : []
  if (schema.nullable) errors.push(fieldForbidden(`${path}.nullable`, 'nullable cannot be true at the root'))
  errors.push(...validateStructure(schema, path))
  errors.push(...validateSchema(schema, path, { isRoot: true, isInsideMeta: false, noDefaults: undefined }))
  return errors
}

function validateRootWithStatus(schema: JsonSchema, path: string): FieldError[] {
  if (schema.type !== undefined && schema.type !== 'object') {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalidValue(`${path}.type`, schema.type, detail)]
  }
  const isAllowed = (field: string) => ROOT_FIELDS.some(name => goName(field) === name)
  if (Object.keys(schema).every(isAllowed)) return []
  const detail = `only [${ROOT_FIELDS.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`
  return [invalidValue(path, schema, detail)]
}

/** `x-kubernetes-validations` is `XValidations`. */
function goName(field: string): string {
  return field
    .replace('x-kubernetes', 'x')
    .split('-')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function validateSchema(schema: JsonSchema, path: string, place: Place): FieldError[] {
  const errors = validateVocabulary(schema, path, place)
  if (schema.uniqueItems) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    errors.push(fieldForbidden(`${path}.uniqueItems`, detail))
  }
  errors.push(...validateAdditional(schema, path, place))
  const below = { ...place, isRoot: false }
  for (const name in schema.properties) {
    const propertyPath = `${path}.properties[${name}]`
    errors.push(...validateSchema(schema.properties[name]!, propertyPath, placeOf(name, schema, place)))
  }
  if (schema.not) errors.push(...validateSchema(schema.not, `${path}.not`, below))
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) {
    schema[junctor]?.forEach((one, i) => {
      errors.push(...validateSchema(one, `${path}.${junctor}[${i}]`, below))
    })
  }
  if (schema.items && !Array.isArray(schema.items)) {
    errors.push(...validateSchema(schema.items, `${path}.items`, below))
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(
      invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'),
    )
  }
  errors.push(...validateMapType(schema, path), ...validateListType(schema, path))
  errors.push(...validateValidationRules(schema, path))
  return errors
}

/** The place of a property: below `metadata` and its like of a whole object, other rules hold. */
function placeOf(name: string, parent: JsonSchema, place: Place): Place {
  const below = { ...place, isRoot: false }
  const isMeta = (place.isRoot || parent['x-kubernetes-embedded-resource']) && META_FIELDS.includes(name)
  if (!isMeta) return below
  return {
    ...below,
    isInsideMeta: true,
    noDefaults: place.isRoot ? `in top-level ${name}` : place.noDefaults,
  }
}

function validateAdditional(schema: JsonSchema, path: string, place: Place): FieldError[] {
  const { additionalProperties: additional } = schema
  if (additional === undefined) return []
  const errors: FieldError[] = []
  const additionalPath = `${path}.additionalProperties`
  if (Object.keys(schema.properties ?? {}).length > 0 && additional !== true) {
    const detail = 'additionalProperties and properties are mutual exclusive'
    errors.push(fieldForbidden(additionalPath, detail))
  }
  if (typeof additional === 'boolean') return errors
  const noDefaults = place.isInsideMeta
    ? 'inside additionalProperties applying to object metadata'
    : place.noDefaults
  return [...errors, ...validateSchema(additional, additionalPath, { ...place, isRoot: false, noDefaults })]
}

/** Parts of JSON schema that are never allowed, or not here. */
function validateVocabulary(schema: JsonSchema, path: string, place: Place): FieldError[] {
  const errors: FieldError[] = []
  if (schema.type && !TYPES.includes(schema.type)) {
    errors.push(notSupported(`${path}.type`, schema.type, TYPES))
  }
  if (schema.default !== undefined && place.noDefaults !== undefined) {
    errors.push(fieldForbidden(`${path}.default`, `must not be set ${place.noDefaults}`))
  }
  for (const field of [
    'id',
    'additionalItems',
    'patternProperties',
    'definitions',
    'dependencies',
    '$ref',
  ] as const) {
    if (schema[field] !== undefined)
      errors.push(fieldForbidden(`${path}.${field}`, `${field} is not supported`))
  }
  if (schema.type === 'null') {
    const detail = 'type cannot be set to null, use nullable as an alternative'
    errors.push(fieldForbidden(`${path}.type`, detail))
  }
  if (Array.isArray(schema.items)) {
    errors.push(fieldForbidden(`${path}.items`, 'items must be a schema object and not an array'))
  }
  if (place.isInsideMeta && schema['x-kubernetes-embedded-resource']) {
    const detail = 'must not be used inside of resource meta'
    errors.push(fieldForbidden(`${path}.x-kubernetes-embedded-resource`, detail))
  }
  return errors
}
