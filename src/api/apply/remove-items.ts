/** An object without some of its fields. Mirrors structured-merge-diff's `RemoveItems`. */
import { EMPTY_SET, FieldSet, type PathElement } from './field-set.ts'
import type { MergeType } from './merge-type.ts'
import { elementOf, isRecord, type Json, typeBelow } from './walk.ts'

/** `value` without the members of `fields`; what is not touched is shared. Undefined when nothing is left. */
export function removeItems(value: unknown, fields: FieldSet, type: MergeType): unknown {
  if (fields.isEmpty) return value
  switch (type.is) {
    case 'struct':
    case 'map':
    case 'unknown':
      return isRecord(value) ? removeFromRecord(value, fields, type) : value
    case 'set':
    case 'keyed':
      return Array.isArray(value) ? removeFromList(value, fields, type) : value
    default:
      return value
  }
}

function removeFromRecord(
  record: Json,
  fields: FieldSet,
  type: MergeType & { is: 'struct' | 'map' | 'unknown' },
): Json | undefined {
  const kept: Record<string, unknown> = {}
  let isChanged = false
  let isEmpty = true
  for (const name of Object.keys(record)) {
    const element: PathElement = `f:${name}`
    const old = record[name]
    if (fields.members.has(element)) {
      isChanged = true
      continue
    }
    const below = fields.children.get(element)
    const belowType = typeBelow(type, name)
    const value = below && belowType ? removeItems(old, below, belowType) : old
    if (value !== old) isChanged = true
    if (value === undefined) continue
    isEmpty = false
    if (name === '__proto__') Object.defineProperty(kept, name, { value, enumerable: true })
    else kept[name] = value
  }
  if (!isChanged) return record
  return isEmpty ? undefined : kept
}

function removeFromList(
  list: readonly unknown[],
  fields: FieldSet,
  type: MergeType & { is: 'set' | 'keyed' },
): readonly unknown[] | undefined {
  const kept: unknown[] = []
  let isChanged = false
  for (const item of list) {
    const element = elementOf(item, type)
    if (fields.members.has(element)) {
      isChanged = true
      continue
    }
    const below = fields.children.get(element)
    const value = below && type.is === 'keyed' ? removeItems(item, below, type.of) : item
    if (value !== item) isChanged = true
    if (value !== undefined) kept.push(value)
  }
  if (!isChanged) return list
  return kept.length === 0 ? undefined : kept
}

/**
 * The set with every named field of a struct that has members below it: owning `spec.replicas` is then owning
 * `spec` too, while owning a label is not owning `labels`' other keys.
 */
export function withNamedFields(set: FieldSet, type: MergeType): FieldSet {
  if (set.children.size === 0) return set
  const members = new Set(set.members)
  const children = new Map<PathElement, FieldSet>()
  for (const [element, below] of set.children) {
    const belowType = element.startsWith('f:') ? fieldBelow(type, element.slice(2)) : itemBelow(type)
    if (type.is === 'struct' && belowType && element.startsWith('f:')) members.add(element)
    children.set(element, belowType ? withNamedFields(below, belowType) : below)
  }
  return members.size === 0 && children.size === 0 ? EMPTY_SET : new FieldSet(members, children)
}

function fieldBelow(type: MergeType, name: string): MergeType | undefined {
  return type.is === 'struct' || type.is === 'map' || type.is === 'unknown'
    ? typeBelow(type, name)
    : undefined
}

function itemBelow(type: MergeType): MergeType | undefined {
  return type.is === 'keyed' ? type.of : undefined
}
