/**
 * Ranges of keys as etcd writes them: one key, [key, end), or from a key onwards.
 */
import type { KeyRange } from './types.ts'

/** As a `rangeEnd`: to the end of the keyspace. As a `key`: from its beginning. */
const KEYSPACE_EDGE = '\0'

/** The `rangeEnd` of everything under `prefix`: its last character plus one. */
export function prefixEnd(prefix: string): string {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const code = prefix.charCodeAt(i)
    if (code < 0xffff) return prefix.slice(0, i) + String.fromCharCode(code + 1)
  }
  return KEYSPACE_EDGE
}

/** True when the range names one key. An empty `rangeEnd` counts as none, as on the wire. */
export function isSingleKey(range: KeyRange): boolean {
  return !range.rangeEnd
}

/** The first key outside a range that is no single key; undefined when it has no end. */
export function upperBound(range: KeyRange): string | undefined {
  return range.rangeEnd === KEYSPACE_EDGE ? undefined : range.rangeEnd
}

export function isInRange(key: string, range: KeyRange): boolean {
  if (isSingleKey(range)) return key === range.key
  const end = upperBound(range)
  return key >= range.key && (end === undefined || key < end)
}
