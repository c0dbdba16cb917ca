/**
 * The fields that an applied configuration names, and what is wrong with it: fields its kind does not have, values of
 * another type, several elements under one key. Mirrors structured-merge-diff's `AsTyped` and `ToFieldSet`.
 */
import { type FieldSet, FieldSetBuilder, type PathElement } from './field-set.ts'
import { keyElement, pathText } from './fields-v1.ts'
import type { MergeType } from './merge-type.ts'
import { elementOf, isRecord, typeBelow } from './walk.ts'

export interface TypedConfiguration {
  readonly set: FieldSet
  /** `.spec.foo: field not declared in schema` */
  readonly errors: readonly string[]
}

/** Every field that `value` says something about. */
export function toFieldSet(value: unknown, type: MergeType): TypedConfiguration {
  const walker = new Walker()
  walker.visit(value, type)
  return walker
}

class Walker implements TypedConfiguration {
  readonly errors: string[] = []
  readonly #path: PathElement[] = []
  readonly #builder = new FieldSetBuilder()

  get set(): FieldSet {
    return this.#builder.build()
  }

  visit(value: unknown, type: MergeType): void {
    switch (type.is) {
      case 'scalar':
        this.#check(value, type.wants)
        this.#insert()
        return
      case 'atomic':
        this.#checkAtomic(value, type)
        this.#insert()
        return
      case 'set':
      case 'keyed':
        if (Array.isArray(value)) this.#list(value, type)
        else if (value !== null) this.#fail(`expected list, got ${goText(value)}`)
        return
      case 'unknown':
        if (isRecord(value)) this.#record(value, type)
        else this.#insert()
        return
      default:
        if (isRecord(value)) this.#record(value, type)
        else if (value !== null) this.#fail(`expected map, got ${goText(value)}`)
    }
  }

  #record(record: Readonly<Record<string, unknown>>, type: MergeType & { is: 'struct' | 'map' | 'unknown' }) {
    for (const name of Object.keys(record)) {
      const value = record[name]
      if (value === undefined) continue
      this.#path.push(`f:${name}`)
      const below = typeBelow(type, name)
      if (below) {
        this.visit(value, below)
        const isLeaf = value === null || (isRecord(value) && Object.keys(value).length === 0)
        if (isLeaf || type.is !== 'struct') this.#insert()
      } else this.#fail('field not declared in schema')
      this.#path.pop()
    }
  }

  #list(list: readonly unknown[], type: MergeType & { is: 'set' | 'keyed' }): void {
    const seen = new Set<PathElement>()
    for (let i = 0; i < list.length; i++) {
      const item = list[i]
      const problem = itemProblem(item, type)
      if (problem) {
        this.#fail(`element ${i}: ${problem}`)
        continue
      }
      const element = elementOf(item, type)
      if (seen.has(element)) this.#fail(`duplicate entries for key ${pathText([element])}`)
      seen.add(element)
      this.#path.push(element)
      if (type.is === 'keyed') this.visit(item, type.of)
      this.#insert()
      this.#path.pop()
    }
  }

  /** A struct that is owned as a whole has the fields it has all the same. */
  #checkAtomic(value: unknown, type: MergeType & { is: 'atomic' }): void {
    if (value === null) return
    if (type.wants === 'list') {
      if (!Array.isArray(value)) this.#fail(`expected list, got ${goText(value)}`)
    } else if (!isRecord(value)) this.#fail(`expected map, got ${goText(value)}`)
    else if (type.of) {
      for (const name of Object.keys(value)) {
        if (type.of.field(name)) continue
        this.#path.push(`f:${name}`)
        this.#fail('field not declared in schema')
        this.#path.pop()
      }
    }
  }

  #check(value: unknown, wants: (MergeType & { is: 'scalar' })['wants']): void {
    if (value === null) return
    if (wants === 'any') {
      if (typeof value === 'object') this.#fail(`expected any scalar, got ${goText(value)}`)
    } else if (typeof value === wants) return
    else if (wants === 'number') this.#fail(`expected numeric (int or float), got ${goType(value)}`)
    else if (wants === 'string')
      this.#fail(`expected string, got &value.valueUnstructured{Value:${goText(value)}}`)
    else this.#fail(`expected boolean, got ${goText(value)}`)
  }

  #insert(): void {
    this.#builder.insert(this.#path)
  }

  #fail(what: string): void {
    this.errors.push(`${pathText(this.#path)}: ${what}`)
  }
}

function itemProblem(item: unknown, type: MergeType & { is: 'set' | 'keyed' }): string | undefined {
  if (type.is === 'set') {
    if (item === null) return 'associative list with values has an element that is null'
    return undefined
  }
  if (item === null) return 'associative list with keys may not have a null element'
  if (!isRecord(item)) return 'associative list with keys may not have non-map elements'
  if (elementOf(item, type) !== NO_KEY) return undefined
  const keys = type.keys.map(key => JSON.stringify(key)).join(' ')
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`
}

const NO_KEY = keyElement({})

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  return typeof value === 'boolean'
    ? 'bool'
    : typeof value === 'string'
      ? 'string'
      : 'map[string]interface {}'
}

function goText(value: unknown): string {
  return JSON.stringify(value)
}
