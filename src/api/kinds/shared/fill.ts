/**
 * Filling in what is absent, without copying what is complete: the tools that every kind's defaults are made of.
 * As in Go's types, null, `''` and an absent field are one and the same.
 */

import { memoiseByObject } from '../../memo.ts'
import { QuantityError } from '../../quantity.ts'
import { ApiError, badRequest } from '../../status.ts'
import { freezeDeep } from './freeze.ts'

/** What Kubernetes prints for a time that is not set: some of its types have no way to leave it out. */
export const NO_TIME = null as unknown as string

export function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

/** `object` with the absent fields of `defaults` filled in; `object` itself when none is absent. */
export function fill<T extends object>(object: T, defaults: Partial<T>): T {
  let filled: T | undefined
  for (const field in defaults) {
    if (!isAbsent(object[field])) continue
    filled ??= { ...object }
    filled[field] = defaults[field]!
  }
  return filled ?? object
}

/** `object` with one field replaced; `object` itself when it has that very value already. */
export function withField<T extends object, K extends keyof T>(object: T, field: K, value: T[K]): T {
  return object[field] === value ? object : { ...object, [field]: value }
}

/** `list.map(change)`, but the same list when nothing changed, and nothing for nothing. */
export function mapKept<T>(list: readonly T[], change: (item: T, index: number) => T): T[]
export function mapKept<T>(
  list: readonly T[] | undefined,
  change: (item: T, index: number) => T,
): T[] | undefined
export function mapKept<T>(
  list: readonly T[] | undefined,
  change: (item: T, index: number) => T,
): T[] | undefined {
  if (!list) return undefined
  let changed: T[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = change(list[i]!, i)
    if (item === list[i]) continue
    changed ??= [...list]
    changed[i] = item
  }
  return changed ?? (list as T[])
}

/** The same for one optional field of an object. */
export function changeField<T extends object, K extends keyof T>(
  object: T,
  field: K,
  change: (value: NonNullable<T[K]>) => T[K],
): T {
  const value = object[field]
  return value === undefined || value === null ? object : withField(object, field, change(value))
}

/**
 * The completion of a spec, worked out once for a value and frozen whole: selectors and templates are compiled
 * once, too, and whoever makes objects after them shares their parts.
 */
export function completing<T extends object>(complete: (spec: T) => T): (spec: T) => T {
  return memoiseByObject(spec => freezeDeep(complete(spec)))
}

/** Answers unreadable quantities as a decoder does: 400, naming the kind. */
export function decoding<T extends object>(kind: string, version: string, complete: (object: T) => T) {
  return (object: T): T => {
    try {
      return complete(object)
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error
      const what = `${kind} in version "${version}" cannot be handled as a ${kind}`
      throw new ApiError(badRequest(`${what}: ${error.message}`))
    }
  }
}
