/**
 * Equality of JSON values. Absent and undefined fields are the same; empty and absent lists or maps are not.
 * Shared parts are recognised by identity, so that comparing versions of one object costs what changed.
 */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && listsEqual(a, b)
  if (Array.isArray(b)) return false
  return recordsEqual(a as Record<string, unknown>, b as Record<string, unknown>)
}

function listsEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false
  return true
}

function recordsEqual(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  let surplus = 0
  for (const key in a) {
    if (!deepEqual(a[key], b[key])) return false
    if (a[key] !== undefined) surplus++
  }
  for (const key in b) if (b[key] !== undefined) surplus--
  return surplus === 0
}

/**
 * Equality as API servers mean it (`equality.Semantic.DeepEqual` after a trip through Go's types): null, absent,
 * empty list and empty map are one.
 */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isRecord(a) && isRecord(b)) {
    for (const key in a) if (!semanticEqual(a[key], Object.hasOwn(b, key) ? b[key] : undefined)) return false
    for (const key in b) if (!Object.hasOwn(a, key) && !isNothing(b[key])) return false
    return true
  }
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b)
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((item, index) => semanticEqual(item, b[index]))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value !== 'object') return false
  for (const _ in value) return false
  return true
}
