/**
 * One thing wrong with one field, worded as `k8s.io/apimachinery/pkg/util/validation/field` words it.
 */

export interface FieldError {
  readonly reason:
    | 'FieldValueNotFound'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'InternalError'
  /** `spec.containers[0].image` */
  readonly field: string
  /** What comes after the field: `Invalid value: "x": must be ...`. */
  readonly message: string
}

/** A value as Go prints it in these messages. */
function shown(value: unknown): string {
  if (value === undefined) return 'null'
  return JSON.stringify(value)
}

export function required(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', field, message: join('Required value', detail) }
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, message: join(`Invalid value: ${shown(value)}`, detail) }
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map(s => JSON.stringify(s)).join(', ')
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${shown(value)}${list && `: supported values: ${list}`}`,
  }
}

export function duplicate(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${shown(value)}` }
}

export function fieldForbidden(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, message: join('Forbidden', detail) }
}

export function fieldNotFound(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueNotFound', field, message: `Not found: ${shown(value)}` }
}

export function tooLong(field: string, maximum: number): FieldError {
  return { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${maximum} bytes` }
}

export function tooMany(field: string, actual: number, maximum: number): FieldError {
  return {
    reason: 'FieldValueTooMany',
    field,
    message: `Too many: ${actual}: must have at most ${maximum} items`,
  }
}

function join(what: string, detail: string): string {
  return detail ? `${what}: ${detail}` : what
}
