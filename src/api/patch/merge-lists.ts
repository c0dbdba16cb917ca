/**
 * The order of merged lists in a strategic merge patch: what the patch names keeps the patch's order, what only
 * the object has keeps the object's, and the two are interleaved by where they stood in the object.
 */
import { fieldOf, isRecord, type JsonList, type JsonRecord, typeOf } from './json.ts'
import { PatchError } from './patch-error.ts'

/** What tells elements of a list apart: the merge key's value, or the element itself when there is no key. */
export function identityOf(element: unknown, mergeKey: string): unknown {
  return mergeKey === '' ? element : isRecord(element) ? fieldOf(element, mergeKey) : undefined
}

function findIndex(list: JsonList, identity: unknown, mergeKey: string): number {
  return list.findIndex(element => identityOf(element, mergeKey) === identity)
}

/** Refuses elements that are no map or lack the merge key. */
export function requireMergeKey(list: JsonList, mergeKey: string): void {
  for (const element of list) mergeKeyOf(element, mergeKey)
}

/** An element's merge key value. Throws {@link PatchError} where it has none. */
export function mergeKeyOf(element: unknown, mergeKey: string): unknown {
  if (!isRecord(element)) {
    throw new PatchError(500, `expected a map[string]interface {}, but received a ${typeOf(element)}`)
  }
  const value = fieldOf(element, mergeKey)
  if (value !== undefined) return value
  throw new PatchError(500, `map: ${goMap(element)} does not contain declared merge key: ${mergeKey}`)
}

/** A map as Go prints it: `map[a:1 b:[x y]]`. */
export function goMap(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`
  if (!isRecord(value)) return value === null ? '<nil>' : String(value)
  const fields = Object.keys(value).sort()
  return `map[${fields.map(key => `${key}:${goMap(value[key])}`).join(' ')}]`
}

/** Splits by whether `named` has an element of the same identity, and orders the whole. */
export function inOrder(
  merged: JsonList,
  named: JsonList,
  objectOrder: JsonList,
  mergeKey: string,
): JsonList {
  if (mergeKey !== '') requireMergeKey(merged, mergeKey)
  if (isInOrder(merged, named, objectOrder, mergeKey)) return merged
  const isNamed = (element: unknown) => findIndex(named, identityOf(element, mergeKey), mergeKey) >= 0
  const patched = sortBy(merged.filter(isNamed), named, mergeKey)
  const rest = sortBy(
    merged.filter(element => !isNamed(element)),
    objectOrder,
    mergeKey,
  )
  return interleave(rest, patched, objectOrder, mergeKey)
}

/** The usual case, decided without sorting: nothing came or went, and the patch names elements as they stand. */
function isInOrder(merged: JsonList, named: JsonList, objectOrder: JsonList, mergeKey: string): boolean {
  if (merged.length !== objectOrder.length) return false
  const places = new Map<unknown, number>()
  for (let i = 0; i < merged.length; i++) {
    const identity = identityOf(merged[i], mergeKey)
    if (identity !== identityOf(objectOrder[i], mergeKey) || isDeletion(merged[i])) return false
    places.set(identity, i)
  }
  if (places.size !== merged.length) return false
  let last = 0
  for (const element of named) {
    const place = places.get(identityOf(element, mergeKey)) ?? last
    if (place < last) return false
    last = place
  }
  return true
}

/** Sorted by the place in `order`, stably; deletions go last. */
export function sortBy(list: JsonList, order: JsonList, mergeKey: string): JsonList {
  const place = (element: unknown) => findIndex(order, identityOf(element, mergeKey), mergeKey)
  const kept = list.filter(element => !isDeletion(element))
  const sorted = kept
    .map(element => ({ element, place: place(element) }))
    .sort((a, b) => a.place - b.place)
    .map(({ element }) => element)
  return [...sorted, ...list.filter(isDeletion)]
}

export function isDeletion(element: unknown): boolean {
  return isRecord(element) && element.$patch === 'delete'
}

/** Each of `rest` goes before the first of `patched` that stands behind it in the object. */
function interleave(rest: JsonList, patched: JsonList, objectOrder: JsonList, mergeKey: string): JsonList {
  const place = (element: unknown) => findIndex(objectOrder, identityOf(element, mergeKey), mergeKey)
  const result: unknown[] = []
  let i = 0
  for (const element of patched) {
    const at = place(element)
    while (i < rest.length && at >= 0 && place(rest[i]) >= 0 && place(rest[i]) < at) result.push(rest[i++])
    result.push(element)
  }
  return [...result, ...rest.slice(i)]
}

/** Whether the list is of maps; refuses lists of lists and mixed lists. False for empty ones. */
export function isListOfMaps(...lists: readonly JsonList[]): boolean {
  let type: string | undefined
  for (const list of lists) {
    for (const element of list) {
      const current = typeOf(element)
      if (current === 'list') throw new PatchError(422, 'lists of lists are not supported')
      if (type !== undefined && current !== type) {
        throw new PatchError(500, `list element types are not identical: ${goMap(lists)}`)
      }
      type = current
    }
  }
  return type === 'map'
}

/** The element of a merging list that a patch's element is about. */
export function findByKey(
  list: JsonList,
  mergeKey: string,
  value: unknown,
): [index: number, element: JsonRecord] | undefined {
  const index = findIndex(list, value, mergeKey)
  return index < 0 ? undefined : [index, list[index] as JsonRecord]
}
