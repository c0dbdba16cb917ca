/**
 * What changed between two objects of one type, as sets of fields. Mirrors structured-merge-diff's `Compare` over
 * objects as Go decodes them: null, empty lists and empty maps are absent, structs that are no pointers are always
 * there.
 */
import { deepEqual } from '../deep-equal.ts'
import { EMPTY_SET, type FieldSet, FieldSetBuilder, type PathElement } from './field-set.ts'
import type { MergeType, StructType } from './merge-type.ts'
import { indexed, isRecord, type Json, namesOf, typeBelow } from './walk.ts'

export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

/** The fields by which `after` differs from `before`. */
export function compare(before: unknown, after: unknown, type: MergeType): Comparison {
  if (before === after) return { added: EMPTY_SET, modified: EMPTY_SET, removed: EMPTY_SET }
  const comparer = new Comparer()
  comparer.visit(before, after, type)
  return comparer.result()
}

/** A comparison without the fields of `ignored` and what is below them. */
export function without({ added, modified, removed }: Comparison, ignored: FieldSet): Comparison {
  return {
    added: added.recursiveDifference(ignored),
    modified: modified.recursiveDifference(ignored),
    removed: removed.recursiveDifference(ignored),
  }
}

class Comparer {
  readonly #path: PathElement[] = []
  readonly #added = new FieldSetBuilder()
  readonly #modified = new FieldSetBuilder()
  readonly #removed = new FieldSetBuilder()

  result(): Comparison {
    return { added: this.#added.build(), modified: this.#modified.build(), removed: this.#removed.build() }
  }

  /** At least one of the two is there. */
  visit(before: unknown, after: unknown, type: MergeType): void {
    if (before === after) return
    switch (type.is) {
      case 'scalar':
      case 'atomic':
        this.#leaf(before, after)
        return
      case 'set':
      case 'keyed':
        this.#list(before, after, type)
        return
      case 'unknown':
        if (isRecord(before ?? after) && isRecord(after ?? before)) this.#record(before, after, type)
        else this.#leaf(before, after)
        return
      default:
        this.#record(before, after, type)
    }
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined) this.#added.insert(this.#path)
    else if (after === undefined) this.#removed.insert(this.#path)
    else if (!deepEqual(before, after)) this.#modified.insert(this.#path)
  }

  #record(before: unknown, after: unknown, type: MergeType & { is: 'struct' | 'map' | 'unknown' }): void {
    const [old, next] = [asRecord(before), asRecord(after)]
    if (isEmpty(old, type) && isEmpty(next, type)) {
      this.#leaf(before, after)
      return
    }
    for (const name of namesOf(old, next)) {
      const below = typeBelow(type, name)
      if (!below) continue
      const isValue = type.is === 'struct' && type.values.includes(name)
      this.#field(`f:${name}`, present(old, name, below, isValue), present(next, name, below, isValue), below)
    }
    if (type.is === 'struct') this.#impliedValues(old, next, type)
    if (before === undefined) this.#added.insert(this.#path)
    else if (after === undefined) this.#removed.insert(this.#path)
  }

  /** Empty structs that come and go with what they are part of, though neither object mentions them. */
  #impliedValues(old: Json | undefined, next: Json | undefined, type: StructType): void {
    if (old && next) return
    for (const name of type.values) {
      const isSaid = (old && name in old) || (next && name in next)
      const below = type.field(name)
      if (!isSaid && below) {
        const nothing = emptyOf(below)
        this.#field(`f:${name}`, old && nothing, next && nothing, below)
      }
    }
  }

  #field(element: PathElement, before: unknown, after: unknown, type: MergeType): void {
    if (before === undefined && after === undefined) return
    this.#path.push(element)
    this.visit(before, after, type)
    this.#path.pop()
  }

  #list(before: unknown, after: unknown, type: MergeType & { is: 'set' | 'keyed' }): void {
    const [old, next] = [indexed(asList(before), type), indexed(asList(after), type)]
    const item: MergeType = type.is === 'keyed' ? type.of : SCALAR
    if (old.size === 0 && next.size === 0) this.#leaf(before, after)
    for (const element of new Set([...old.keys(), ...next.keys()])) {
      const [ours, theirs] = [old.get(element), next.get(element)]
      if ((ours?.length ?? 0) <= 1 && (theirs?.length ?? 0) <= 1) {
        this.#field(element, ours?.[0], theirs?.[0], item)
        continue
      }
      // Several under one key cannot be told apart: they are one field.
      this.#path.push(element)
      this.#leaf(ours, theirs)
      this.#path.pop()
    }
    if (before === undefined) this.#added.insert(this.#path)
    else if (after === undefined) this.#removed.insert(this.#path)
  }
}

const SCALAR: MergeType = { is: 'scalar', wants: 'any' }
const NOTHING: Json = Object.freeze({})
const NONE: readonly unknown[] = Object.freeze([])

function emptyOf(type: MergeType): unknown {
  return type.is === 'keyed' || type.is === 'set' ? NONE : NOTHING
}

/** What Go sees in a field: nothing for null and for empty lists and maps. */
function present(record: Json | undefined, name: string, type: MergeType, isValue: boolean): unknown {
  if (!record) return undefined
  const value = Object.hasOwn(record, name) ? record[name] : undefined
  if (value === undefined || value === null) return isValue ? emptyOf(type) : undefined
  const isList = type.is === 'set' || type.is === 'keyed' || (type.is === 'atomic' && type.wants === 'list')
  if (isList) return Array.isArray(value) && value.length === 0 && !isValue ? undefined : value
  const isMap = type.is === 'map' || (type.is === 'atomic' && type.wants === 'map' && !type.of)
  return isMap && isRecord(value) && Object.keys(value).length === 0 ? undefined : value
}

function asRecord(value: unknown): Json | undefined {
  return isRecord(value) ? value : undefined
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isEmpty(record: Json | undefined, type: MergeType): boolean {
  if (!record) return true
  if (type.is === 'struct' && type.values.length > 0) return false
  for (const name in record) if (record[name] !== undefined && record[name] !== null) return false
  return true
}
