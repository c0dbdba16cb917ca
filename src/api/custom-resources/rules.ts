/**
 * The CEL rules of a schema (`x-kubernetes-validations`), evaluated from the root down. Mirrors
 * `pkg/apiserver/schema/cel` of apiextensions-apiserver: transition rules, messageExpression, reasons, fieldPath, and
 * ratcheting: a rule over a value that did not change does not refuse the change of another.
 */
import { CelError, celValue, compileCel } from '../cel/index.ts'
import { deepEqual } from '../deep-equal.ts'
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../field-error.ts'
import type { JsonSchema, ValidationRule } from '../kinds/customresourcedefinitions/types.ts'
import { isRecord } from './structure.ts'

/** What is checked: a value, what it was before, and where it stands. */
interface Place {
  readonly value: unknown
  readonly old: unknown
  readonly path: string
}

/** The rules that do not hold. `old` is undefined on create. */
export function validateByRules(value: unknown, old: unknown, schema: JsonSchema): FieldError[] {
  const errors: FieldError[] = []
  if (hasRules(schema)) walk({ value, old, path: '' }, schema, errors)
  return errors
}

const withRules = new WeakMap<JsonSchema, boolean>()

/** Whether there is any rule in or below a schema. Schemas come out of frozen definitions. */
function hasRules(schema: JsonSchema): boolean {
  const known = withRules.get(schema)
  if (known !== undefined) return known
  const { properties = {}, items, additionalProperties } = schema
  const has =
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
    Object.values(properties).some(hasRules) ||
    (items !== undefined && !Array.isArray(items) && hasRules(items)) ||
    (typeof additionalProperties === 'object' && hasRules(additionalProperties))
  withRules.set(schema, has)
  return has
}

function walk(place: Place, schema: JsonSchema, errors: FieldError[]): void {
  const { value, old, path } = place
  if (value === undefined || value === null || !hasRules(schema)) return
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const error = checkRule(place, schema, rule)
    if (error) errors.push(error)
  }
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items || Array.isArray(items)) return
    const oldOf = counterparts(schema, old)
    value.forEach((item, index) => {
      walk({ value: item, old: oldOf(item), path: `${path}[${index}]` }, items, errors)
    })
  } else if (isRecord(value)) {
    const before = isRecord(old) ? old : {}
    for (const name of Object.keys(value).sort()) {
      const { properties, additionalProperties } = schema
      const known = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
      const below = known ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
      const place = { value: value[name], old: before[name], path: path === '' ? name : `${path}.${name}` }
      if (below) walk(place, below, errors)
    }
  }
}

/** Items of a list are only known again when the list is a map by their keys. */
function counterparts(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
  const keys = schema['x-kubernetes-list-map-keys']
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old)) return () => undefined
  const keyOf = (item: unknown) => JSON.stringify(keys.map(key => (isRecord(item) ? item[key] : undefined)))
  const byKey = new Map(old.map(item => [keyOf(item), item as unknown]))
  return item => byKey.get(keyOf(item))
}

function checkRule(
  { value, old, path }: Place,
  schema: JsonSchema,
  rule: ValidationRule,
): FieldError | undefined {
  const isTransition = /\boldSelf\b/.test(rule.rule)
  if (isTransition && old === undefined && !rule.optionalOldSelf) return undefined
  // What did not change may stay as wrong as it was; a transition from itself to itself is still one.
  if (!isTransition && old !== undefined && deepEqual(value, old)) return undefined
  const variables: Record<string, unknown> = { self: celValue(value, schema) }
  if (old !== undefined) variables.oldSelf = celValue(old, schema)
  const type = schema['x-kubernetes-int-or-string'] ? 'intOrString' : (schema.type ?? 'object')
  const where = (path + (rule.fieldPath ?? '')).replace(/^\./, '') || '<nil>'
  const standard = rule.message || `failed rule: ${rule.rule.trim()}`
  try {
    if (compileCel(rule.rule).evaluate(variables) === true) return undefined
    return failure(rule, where, type, messageOf(rule, variables) ?? standard)
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return invalidValue(where, type, `${error.message} evaluating rule: ${rule.message || rule.rule.trim()}`)
  }
}

/** What messageExpression says, if it says one line of text. */
function messageOf(rule: ValidationRule, variables: Readonly<Record<string, unknown>>): string | undefined {
  if (!rule.messageExpression) return undefined
  try {
    const message = compileCel(rule.messageExpression).evaluate(variables)
    if (typeof message !== 'string' || message.trim() === '' || message.includes('\n')) return undefined
    return message
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return undefined
  }
}

function failure(rule: ValidationRule, path: string, type: string, message: string): FieldError {
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return fieldForbidden(path, message)
    case 'FieldValueRequired':
      return required(path, message)
    case 'FieldValueDuplicate':
      return duplicate(path, type)
    default:
      return invalidValue(path, type, message)
  }
}
