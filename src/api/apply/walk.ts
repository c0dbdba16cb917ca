/** What the walks over typed values share: telling list elements apart, and what counts as being there. */

import type { PathElement } from './field-set.ts'
import { keyElement, valueElement } from './fields-v1.ts'
import type { MergeType } from './merge-type.ts'

export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The elements of a list under their path elements; a list may have more than one under one. */
export function indexed(
  list: readonly unknown[],
  type: MergeType & { is: 'set' | 'keyed' },
): Map<PathElement, unknown[]> {
  const index = new Map<PathElement, unknown[]>()
  for (const item of list) {
    const element = elementOf(item, type)
    const same = index.get(element)
    if (same) same.push(item)
    else index.set(element, [item])
  }
  return index
}

/** `k:{"name":"web"}` or `v:"x"`. */
export function elementOf(item: unknown, type: MergeType & { is: 'set' | 'keyed' }): PathElement {
  if (type.is === 'set') return valueElement(item)
  const record = isRecord(item) ? item : {}
  const defaults = type.of.is === 'struct' ? type.of.defaults : {}
  const key: Record<string, unknown> = {}
  for (const name of type.keys) {
    const value = record[name] ?? defaults[name]
    if (value !== undefined) key[name] = value
  }
  return keyElement(key)
}

/** The names that either record has, those of the first in front. */
export function namesOf(first: Json | undefined, second: Json | undefined): Iterable<string> {
  if (!first) return Object.keys(second ?? {})
  if (!second) return Object.keys(first)
  const names = new Set(Object.keys(first))
  for (const name of Object.keys(second)) names.add(name)
  return names
}

/** The type of what a record has under `name`: undefined when a struct has no such field. */
export function typeBelow(
  type: MergeType & { is: 'struct' | 'map' | 'unknown' },
  name: string,
): MergeType | undefined {
  if (type.is === 'struct') return type.field(name)
  return type.is === 'map' ? type.of : type
}
