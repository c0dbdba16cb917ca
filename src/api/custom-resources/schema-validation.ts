/**
 * Objects judged by an OpenAPI schema, in the words of kube-openapi's validator as apiextensions-apiserver passes
 * them on (`schema/validation`, `ValidateCustomResource`).
 */

import { deepEqual } from '../deep-equal.ts'
import { type FieldError, invalidValue, notSupported, required, tooMany } from '../field-error.ts'
import type { JsonSchema } from '../kinds/customresourcedefinitions/types.ts'
import { canonicalJson } from '../names.ts'
import { hasFormat } from './formats.ts'
import { isRecord } from './structure.ts'

/** Everything wrong with `value`; `old` is what it was: what did not change is not complained about again. */
export function validateBySchema(
  value: unknown,
  schema: JsonSchema,
  path: string,
  old?: unknown,
): FieldError[] {
  const errors: FieldError[] = []
  check(value, schema, path, errors)
  // Ratcheting: a complaint about the very value that was stored is none.
  if (old === undefined || errors.length === 0) return errors
  return errors.filter(error => !isUnchanged(value, old, path, error))
}

/** Whether a complaint is about a value that is as it was stored. */
function isUnchanged(value: unknown, old: unknown, path: string, error: FieldError): boolean {
  if (error.reason === 'FieldValueRequired' || !isRatcheted(error)) return false
  const steps = (error.field.slice(path.length).match(/[^.[\]]+/g) ?? []).map(String)
  const [next, before] = [valueAt(value, steps), valueAt(old, steps)]
  return before !== undefined && deepEqual(next, before)
}

/** Types are never ratcheted. */
const isRatcheted = ({ reason }: FieldError) => reason !== 'FieldValueTypeInvalid'

function valueAt(value: unknown, steps: readonly string[]): unknown {
  let at: unknown = value
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Readonly<Record<string, unknown>>)[step]
  }
  return at
}

function check(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): void {
  if (!checkType(value, schema, path, errors)) return
  if (value === null) return
  if (schema.enum && !schema.enum.some(one => deepEqual(one, value))) {
    errors.push(notSupportedValue(path, value, schema.enum))
  }
  if (typeof value === 'string') checkString(value, schema, path, errors)
  else if (typeof value === 'number') checkNumber(value, schema, path, errors)
  else if (Array.isArray(value)) checkList(value, schema, path, errors)
  else if (isRecord(value)) checkRecord(value, schema, path, errors)
  checkJunctors(value, schema, path, errors)
}

/** False when the type is wrong, and nothing more can be said. */
function checkType(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): boolean {
  if (value === null && schema.nullable) return true
  if (schema['x-kubernetes-int-or-string']) {
    if (typeof value === 'string' || Number.isInteger(value)) return true
    errors.push(typeError(path, 'integer,string', value))
    return false
  }
  const { type } = schema
  if (!type) return true
  const got = typeOf(value)
  if (got === type || (type === 'number' && got === 'integer')) return true
  errors.push(typeError(path, type, value))
  return false
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : typeof value
}

function typeError(path: string, type: string, value: unknown): FieldError {
  const got = typeOf(value)
  const message = `${path} in body must be of type ${type}: ${JSON.stringify(got)}`
  return { ...invalidValue(path || '<nil>', got, message), reason: 'FieldValueTypeInvalid' }
}

function notSupportedValue(path: string, value: unknown, supported: readonly unknown[]): FieldError {
  const texts = supported.map(one => (typeof one === 'string' ? one : canonicalJson(one)))
  return notSupported(path, value, texts)
}

function checkString(value: string, schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { minLength, maxLength, pattern, format } = schema
  const length = [...value].length
  if (maxLength !== undefined && length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`
    errors.push({ reason: 'FieldValueTooLong', field: path, message })
  }
  if (minLength !== undefined && length < minLength) {
    errors.push(invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`))
  }
  if (pattern !== undefined && !matches(pattern, value)) {
    errors.push(invalidValue(path, value, `${path} in body should match '${pattern}'`))
  }
  if (format !== undefined && !hasFormat(value, format)) {
    const message = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`
    errors.push({ ...invalidValue(path, value, message), reason: 'FieldValueTypeInvalid' })
  }
}

/** RE2's named classes and flags that JavaScript writes otherwise are left to fail: then the pattern lets all pass. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return legacyMatches(pattern, value)
  }
}

function legacyMatches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern).test(value)
  } catch {
    return true
  }
}

function checkNumber(value: number, schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const refuse = (what: string) => errors.push(invalidValue(path, value, `${path} in body should be ${what}`))
  if (maximum !== undefined) {
    if (exclusiveMaximum ? value >= maximum : value > maximum) {
      refuse(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
    }
  }
  if (minimum !== undefined) {
    if (exclusiveMinimum ? value <= minimum : value < minimum) {
      refuse(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
    }
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) refuse(`a multiple of ${multipleOf}`)
  const bits = schema.format === 'int32' ? 2 ** 31 : undefined
  if (bits !== undefined && (value < -bits || value >= bits)) {
    errors.push(
      invalidValue(path, value, `Checked value must be of type integer with format int32 in ${path}`),
    )
  }
}

function checkList(value: readonly unknown[], schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { items, minItems, maxItems, uniqueItems } = schema
  if (minItems !== undefined && value.length < minItems) {
    errors.push(invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`))
  }
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems))
  if (uniqueItems && hasDuplicates(value)) {
    errors.push(invalidValue(path, value, `${path} in body shouldn't contain duplicates`))
  }
  if (items && !Array.isArray(items)) {
    value.forEach((item, index) => {
      check(item, items, `${path}[${index}]`, errors)
    })
  }
  checkListType(value, schema, path, errors)
}

function hasDuplicates(value: readonly unknown[]): boolean {
  return new Set(value.map(canonicalJson)).size < value.length
}

/** Sets have no two equal items, and lists that are maps no two of one key. */
function checkListType(
  value: readonly unknown[],
  schema: JsonSchema,
  path: string,
  errors: FieldError[],
): void {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const seen = new Set<string>()
  value.forEach((item, index) => {
    const shown = type === 'set' ? item : keysOf(item, keys)
    const key = canonicalJson(shown)
    if (seen.has(key)) {
      const message = `Duplicate value: ${canonicalJson(shown)}`
      errors.push({ reason: 'FieldValueDuplicate', field: `${path}[${index}]`, message })
    }
    seen.add(key)
  })
}

function keysOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  const record = isRecord(item) ? item : {}
  return Object.fromEntries(keys.filter(key => record[key] !== undefined).map(key => [key, record[key]]))
}

function checkRecord(
  value: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  path: string,
  errors: FieldError[],
): void {
  const { properties, additionalProperties, minProperties, maxProperties } = schema
  const names = Object.keys(value)
  if (maxProperties !== undefined && names.length > maxProperties) {
    errors.push(tooMany(path, names.length, maxProperties))
  }
  if (minProperties !== undefined && names.length < minProperties) {
    const message = `${path} in body should have at least ${minProperties} properties`
    errors.push(invalidValue(path, names.length, message))
  }
  for (const name of schema.required ?? []) {
    if (value[name] === undefined) errors.push(required(below(path, name)))
  }
  for (const name of names.sort()) {
    if (value[name] === undefined) continue
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
    const one = known ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
    if (one) check(value[name], one, below(path, name), errors)
  }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function checkJunctors(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { anyOf, oneOf, allOf, not } = schema
  const problemsOf = (one: JsonSchema) => {
    const found: FieldError[] = []
    check(value, one, path, found)
    return found
  }
  const refuse = (what: string) => errors.push(invalidValue(path || '<nil>', shownValue(value), what))
  const name = JSON.stringify(path)
  if (anyOf && anyOf.length > 0 && !anyOf.some(one => problemsOf(one).length === 0)) {
    refuse(`${name} must validate at least one schema (anyOf)`)
    errors.push(...problemsOf(anyOf[0]!))
  }
  if (oneOf && oneOf.length > 0) {
    const valid = oneOf.filter(one => problemsOf(one).length === 0).length
    if (valid !== 1) {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
      refuse(`${name} must validate one and only one schema (oneOf). ${found}`)
      if (valid === 0) errors.push(...problemsOf(oneOf[0]!))
    }
  }
  for (const one of allOf ?? []) {
    const found = problemsOf(one)
    if (found.length === 0) continue
    refuse(`${name} must validate all the schemas (allOf)`)
    errors.push(...found)
    break
  }
  if (not && problemsOf(not).length === 0) refuse(`${name} must not validate the schema (not)`)
}

/** These complaints carry no value upstream. */
const shownValue = (_value: unknown) => ''
