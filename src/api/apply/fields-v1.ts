/**
 * FieldsV1, the form in which `metadata.managedFields` keeps a set of fields: a tree of JSON objects, `.` standing
 * for the field itself where fields below it are in the set too.
 */
import { EMPTY_SET, FieldSet, type PathElement } from './field-set.ts'

/** `{"f:spec":{"f:replicas":{}}}` */
export type FieldsV1 = Readonly<Record<string, unknown>>

const decoded = new WeakMap<object, FieldSet>()
const encoded = new WeakMap<FieldSet, FieldsV1>()

/** The set that a FieldsV1 says; undefined for what is none. Remembered by identity. */
export function decodeFieldsV1(fields: unknown): FieldSet | undefined {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined
  let set = decoded.get(fields)
  if (set) return set
  set = decodeNode(fields as FieldsV1)
  if (!set) return undefined
  decoded.set(fields, set)
  if (!encoded.has(set)) encoded.set(set, fields as FieldsV1)
  return set
}

function decodeNode(fields: FieldsV1): FieldSet | undefined {
  const members = new Set<PathElement>()
  const children = new Map<PathElement, FieldSet>()
  for (const element of Object.keys(fields)) {
    if (element === '.') continue
    const canonical = canonicalElement(element)
    const below = fields[element]
    if (canonical === undefined || typeof below !== 'object' || below === null) return undefined
    const names = Object.keys(below)
    if (names.length === 0 || Object.hasOwn(below, '.')) members.add(canonical)
    const child = decodeNode(below as FieldsV1)
    if (!child) return undefined
    if (!child.isEmpty) children.set(canonical, child)
  }
  return members.size === 0 && children.size === 0 ? EMPTY_SET : new FieldSet(members, children)
}

/** The element with its JSON as this module writes it; undefined for what is no element. */
function canonicalElement(element: string): PathElement | undefined {
  const kind = element.slice(0, 2)
  if (kind === 'f:') return element
  if (kind === 'i:') return /^i:\d+$/.test(element) ? element : undefined
  if (kind !== 'k:' && kind !== 'v:') return undefined
  try {
    const value: unknown = JSON.parse(element.slice(2))
    if (kind === 'v:') return valueElement(value)
    if (typeof value !== 'object' || value === null) return undefined
    return keyElement(value as Record<string, unknown>)
  } catch {
    return undefined
  }
}

/** `v:"x"` */
export function valueElement(value: unknown): PathElement {
  return `v:${JSON.stringify(value)}`
}

/** `k:{"containerPort":80,"protocol":"TCP"}` */
export function keyElement(key: Readonly<Record<string, unknown>>): PathElement {
  const names = Object.keys(key).sort()
  return `k:${JSON.stringify(Object.fromEntries(names.map(name => [name, key[name]])))}`
}

/** The set as FieldsV1, frozen. The same set gives the same object. */
export function encodeFieldsV1(set: FieldSet): FieldsV1 {
  let fields = encoded.get(set)
  if (!fields) {
    fields = encodeNode(set, false)
    encoded.set(set, fields)
    decoded.set(fields, set)
  }
  return fields
}

function encodeNode(set: FieldSet, isMember: boolean): FieldsV1 {
  const fields: Record<string, unknown> = {}
  if (isMember) fields['.'] = NOTHING
  for (const element of set.elements()) {
    const below = set.children.get(element)
    fields[element] = below ? encodeNode(below, set.members.has(element)) : NOTHING
  }
  return Object.freeze(fields)
}

const NOTHING = Object.freeze({})

/** A path as people read it: `.spec.template.spec.containers[name="web"].image`. */
export function pathText(path: readonly PathElement[]): string {
  return path.map(elementText).join('')
}

function elementText(element: PathElement): string {
  const text = element.slice(2)
  switch (element[0]) {
    case 'f':
      return `.${text}`
    case 'i':
      return `[${text}]`
    case 'v':
      return `[=${text}]`
    default: {
      const key = JSON.parse(text) as Record<string, unknown>
      const parts = Object.keys(key).map(name => `${name}=${JSON.stringify(key[name])}`)
      return `[${parts.join(',')}]`
    }
  }
}
