/** JSON values as patches see them. Fields that are undefined count as absent. */

export type JsonRecord = Readonly<Record<string, unknown>>
export type JsonList = readonly unknown[]

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: unknown): value is JsonList {
  return Array.isArray(value)
}

/** The value of a field that the record itself has; undefined otherwise. */
export function fieldOf(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** Puts a field into a record under construction, `__proto__` being a name like any other. */
export function setField(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') record[key] = value
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}

/** The record without one field. */
export function without(record: JsonRecord, field: string): JsonRecord {
  const { [field]: _, ...rest } = record
  return rest
}

/** Whether two values are of one JSON type. */
export function isSameType(a: unknown, b: unknown): boolean {
  return typeOf(a) === typeOf(b)
}

/** `map`, `list`, `null`, or JavaScript's name for a plain value's type. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'object' ? 'map' : typeof value
}
