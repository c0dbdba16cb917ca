/** Small rules that many fields have. Each gives its complaints, [] when there are none. */
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import {
  isPercent,
  isPortName,
  isPortNumber,
  type TextRule,
  validateNonNegative,
} from '../../validation/index.ts'
import { isAbsent } from './fill.ts'

/** The complaints of a rule about a text, as field errors. */
export function checkText(value: string, path: string, rule: TextRule): FieldError[] {
  return rule(value).map(text => invalidValue(path, value, text))
}

/** Required, and following a rule. */
export function checkName(value: string | undefined, path: string, rule: TextRule): FieldError[] {
  return isAbsent(value) ? [required(path)] : checkText(value, path, rule)
}

/** Required, and one of a few. */
export function checkOneOf(
  value: string | undefined,
  path: string,
  supported: readonly string[],
): FieldError[] {
  if (isAbsent(value)) return [required(path)]
  return supported.includes(value) ? [] : [notSupported(path, value, supported)]
}

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'] as const

/** A port that something listens on. */
export function checkPort(port: number, path: string): FieldError[] {
  return isPortNumber(port).map(text => invalidValue(path, port, text))
}

/** A port by number or by name. */
export function checkPortReference(port: number | string | undefined, path: string): FieldError[] {
  if (port === undefined || port === null) return [required(path)]
  return typeof port === 'number' ? checkPort(port, path) : checkText(port, path, isPortName)
}

/** A count, or a share such as `25%`. */
export function checkCountOrPercent(value: number | string | undefined, path: string): FieldError[] {
  if (value === undefined) return []
  return typeof value === 'number' ? validateNonNegative(value, path) : checkText(value, path, isPercent)
}

/** The number in a count or a percentage: 25 for `25%`. */
export function numberOf(value: number | string | undefined): number {
  return typeof value === 'number' ? value : Number.parseInt(value ?? '0', 10) || 0
}

/** A share of more than everything. */
export function checkAtMostAll(value: number | string | undefined, path: string): FieldError[] {
  const isTooMuch = typeof value === 'string' && value.endsWith('%') && numberOf(value) > 100
  return isTooMuch ? [invalidValue(path, value, 'must not be greater than 100%')] : []
}

/** That of these counts none is negative; `object` is what holds them. */
export function checkCounts<T extends object>(
  object: T,
  fields: readonly (keyof T & string)[],
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  for (const field of fields) {
    const value = object[field]
    if (typeof value === 'number' && value < 0)
      errors.push(...validateNonNegative(value, path ? `${path}.${field}` : field))
  }
  return errors
}
