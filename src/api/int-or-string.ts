/**
 * Values that are a number or a percentage: `maxSurge: 1`, `maxUnavailable: 25%`, and ports by number or name.
 * Mirrors `k8s.io/apimachinery/pkg/util/intstr`.
 */
import { assert } from '../sim/index.ts'

export type IntOrString = number | string

/**
 * A number as it is; a percentage of `total`, rounded (`intstr.GetScaledValueFromIntOrPercent`). The value must
 * have passed validation.
 */
export function scaledValue(value: IntOrString, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value
  const percent = percentOf(value)
  assert(percent !== undefined, 'a string that counts something is a percentage')
  const exact = (percent * total) / 100
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact)
}

/** 25 for `25%`; undefined for anything else. */
export function percentOf(value: IntOrString): number | undefined {
  if (typeof value === 'number') return undefined
  if (!value.endsWith('%')) return undefined
  const digits = value.slice(0, -1)
  return /^[+-]?\d+$/.test(digits) ? Number(digits) : undefined
}
