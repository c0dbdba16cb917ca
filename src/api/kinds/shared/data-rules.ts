/** What ConfigMaps and Secrets have in common: keys, sizes, and being immutable on request. */
import { deepEqual } from '../../deep-equal.ts'
import { type FieldError, fieldForbidden, invalidValue, tooLong } from '../../field-error.ts'
import { isConfigMapKey } from '../../validation/index.ts'

/** Bytes all values may have together. */
const MAXIMUM_BYTES = 1024 * 1024

type Values = Readonly<Record<string, string>>

export function validateKeys(values: Values | undefined, path: string): FieldError[] {
  return Object.keys(values ?? {})
    .sort()
    .flatMap(key => isConfigMapKey(key).map(text => invalidValue(`${path}[${key}]`, key, text)))
}

/** `bytes` is how many there are; `path` what to blame ('' for the object). */
export function validateSize(bytes: number, path: string): FieldError[] {
  return bytes > MAXIMUM_BYTES ? [tooLong(path, MAXIMUM_BYTES)] : []
}

/** Bytes of texts in UTF-8. */
export function textBytes(values: Values | undefined): number {
  const encoder = new TextEncoder()
  return Object.values(values ?? {}).reduce((sum, value) => sum + encoder.encode(value).length, 0)
}

/** Bytes that texts in base64 stand for. */
export function base64Bytes(values: Values | undefined): number {
  return Object.values(values ?? {}).reduce((sum, value) => {
    return sum + Math.floor((value.replace(/=+$/, '').length * 3) / 4)
  }, 0)
}

/** An object once immutable stays so, with all the fields named. */
export function validateKept<T extends { immutable?: boolean }>(
  next: T,
  old: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (!old.immutable) return []
  const detail = 'field is immutable when `immutable` is set'
  const errors = next.immutable ? [] : [fieldForbidden('immutable', detail)]
  for (const field of fields) {
    if (!deepEqual(next[field], old[field])) errors.push(fieldForbidden(field, detail))
  }
  return errors
}
