/**
 * Strategic merge patch: a merge patch that merges lists by key, with directives for what that cannot say
 * (`$patch`, `$retainKeys`, `$deleteFromPrimitiveList/x`, `$setElementOrder/x`). Mirrors apimachinery's
 * `strategicpatch`. Where it differs: a field that the kind does not have is merged like any map or list, the
 * schema check being there to refuse it; directives and nulls inside new values are dropped here, where upstream
 * leaves that to decoding.
 */
import { deepEqual } from '../deep-equal.ts'
import {
  fieldOf,
  isList,
  isRecord,
  isSameType,
  type JsonList,
  type JsonRecord,
  setField,
  typeOf,
  without,
} from './json.ts'
import { type MergeRule, type MergeRules, ruleOf, rulesBelow } from './merge-keys.ts'
import { findByKey, goMap, identityOf, inOrder, isDeletion, isListOfMaps, mergeKeyOf } from './merge-lists.ts'
import { PatchError } from './patch-error.ts'

export const DELETE_FROM_LIST = '$deleteFromPrimitiveList/'
export const SET_ORDER = '$setElementOrder/'

/** Applying a patch to an object, or making one patch of two. */
type Mode = 'apply' | 'combine'

/** The object after the patch; parts the patch does not touch are shared. Throws {@link PatchError}. */
export function applyStrategicMergePatch(
  object: JsonRecord,
  patch: JsonRecord,
  rules: MergeRules,
): JsonRecord {
  return mergeMap(object, patch, rules, 'apply')
}

/** One patch that does what `first` and then `second` do. They must not contradict each other. */
export function combineStrategicMergePatches(
  first: JsonRecord,
  second: JsonRecord,
  rules: MergeRules,
): JsonRecord {
  return mergeMap(first, second, rules, 'combine')
}

function mergeMap(original: JsonRecord, patch: JsonRecord, rules: MergeRules, mode: Mode): JsonRecord {
  const keys = Object.keys(patch)
  if (keys.some(isDirectiveKey)) return mergeWithDirectives(original, patch, rules, mode)
  const result = { ...original }
  for (const key of keys) mergeField(result, key, patch[key], rules, mode)
  return result
}

function isDirectiveKey(key: string): boolean {
  return key.startsWith('$')
}

function mergeWithDirectives(
  original: JsonRecord,
  patch: JsonRecord,
  rules: MergeRules,
  mode: Mode,
): JsonRecord {
  const directive = fieldOf(patch, '$patch')
  if (directive === 'replace') return settled(without(patch, '$patch'), mode) as JsonRecord
  if (directive === 'delete') return {}
  if (directive !== undefined) {
    throw new PatchError(500, `unknown patch type: ${goMap(directive)} in map: ${goMap(patch)}`)
  }
  const result = retained(original, patch, mode)
  const ordered = mergeOrderedLists(result, patch, rules, mode)
  for (const key of Object.keys(patch)) {
    if (key === '$retainKeys' || key.startsWith(SET_ORDER) || ordered.has(key)) continue
    mergeField(result, key, patch[key], rules, mode)
  }
  return result
}

function mergeField(
  result: Record<string, unknown>,
  patchKey: string,
  value: unknown,
  rules: MergeRules,
  mode: Mode,
): void {
  if (value === undefined) return
  const isDeleteList = patchKey.startsWith(DELETE_FROM_LIST)
  if (isDeleteList && mode === 'combine') {
    result[patchKey] = value
    return
  }
  const key = isDeleteList ? patchKey.slice(DELETE_FROM_LIST.length) : patchKey
  const old = fieldOf(result, key)
  if (value === null) {
    if (mode === 'combine') setField(result, key, null)
    else delete result[key]
    return
  }
  if (old === undefined || !isSameType(old, value)) {
    if (isDeleteList) return
    const added = newValue(value, mode)
    if (added === undefined) delete result[key]
    else setField(result, key, added)
    return
  }
  const rule = ruleOf(rules, key)
  if (isRecord(old)) setField(result, key, mergeMap(old, value as JsonRecord, rulesBelow(rule), mode))
  else if (isList(old)) setField(result, key, mergeList(old, value as JsonList, rule, mode, isDeleteList))
  else setField(result, key, value)
}

/** A copy of the object, without what a `$retainKeys` of the patch does not name. */
function retained(original: JsonRecord, patch: JsonRecord, mode: Mode): Record<string, unknown> {
  const keep = fieldOf(patch, '$retainKeys')
  if (keep === undefined) return { ...original }
  if (mode === 'combine') {
    const other = fieldOf(original, '$retainKeys')
    if (other !== undefined && !deepEqual(other, keep)) {
      const texts = `${goMap(other)} and ${goMap(keep)}`
      throw new PatchError(
        500,
        `${texts} are not deep equal: this may happen when calculating the 3-way diff patch`,
      )
    }
    return { ...original, $retainKeys: keep }
  }
  if (!isList(keep)) throw new PatchError(400, 'invalid patch format of retainKeys')
  for (const key of Object.keys(patch)) {
    const isDirective = key === '$retainKeys' || key.startsWith(DELETE_FROM_LIST) || key.startsWith(SET_ORDER)
    if (isDirective || patch[key] === null || patch[key] === undefined || keep.includes(key)) continue
    throw new PatchError(400, 'invalid patch format of retainKeys')
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => keep.includes(key)))
}

/** Merges the lists that the patch gives an order for. Gives their names. */
function mergeOrderedLists(
  result: Record<string, unknown>,
  patch: JsonRecord,
  rules: MergeRules,
  mode: Mode,
): Set<string> {
  const done = new Set<string>()
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(SET_ORDER)) continue
    const order = patch[directive]
    const key = directive.slice(SET_ORDER.length)
    if (!isList(order)) throw badOrder()
    if (mode === 'combine') {
      const other = fieldOf(result, directive)
      if (other !== undefined && !deepEqual(other, order)) throw badOrder()
      result[directive] = order
    }
    const [old, added] = [asList(fieldOf(result, key)), asList(fieldOf(patch, key))]
    if (!old && !added) continue
    const rule = ruleOf(rules, key)
    const mergeKey = rule?.mergeKey ?? ''
    if (added) requireOrder(added, order, mergeKey)
    if (!old?.length && !added?.length) throw new PatchError(500, 'no elements in any of the given slices')
    const merged = mergeWhatIsThere(old, added, rule, mode)
    setField(result, key, inOrder(merged, order, old ?? [], mergeKey))
    done.add(key)
  }
  return done
}

function mergeWhatIsThere(
  old: JsonList | undefined,
  added: JsonList | undefined,
  rule: MergeRule | undefined,
  mode: Mode,
): JsonList {
  if (!added) return old ?? []
  return old ? mergeList(old, added, rule, mode, false) : (newValue(added, mode) as JsonList)
}

function asList(value: unknown): JsonList | undefined {
  if (value === undefined) return undefined
  if (isList(value)) return value
  throw new PatchError(500, `expected a []interface {}, but received a ${typeOf(value)}`)
}

function badOrder(): PatchError {
  return new PatchError(400, 'invalid patch format of setElementOrder list')
}

/** The elements of the patch must stand in the order list, in the same order. */
function requireOrder(list: JsonList, order: JsonList, mergeKey: string): void {
  if (order.length === 0) return
  const kept = list.filter(element => !isDeletion(element))
  let at = 0
  for (const named of order) {
    // Other directives are passed over, except behind the last that is named: upstream's loop ends there.
    while (at < kept.length && hasDirective(kept[at])) at++
    if (at < kept.length && identityOfElement(kept[at], mergeKey) === identityOf(named, mergeKey)) at++
  }
  if (at === kept.length) return
  const texts = `The order in patch list:\n${goMap(list)}\n doesn't match $setElementOrder list:\n${goMap(order)}\n`
  throw new PatchError(500, texts)
}

function hasDirective(element: unknown): boolean {
  return isRecord(element) && element.$patch !== undefined
}

function identityOfElement(element: unknown, mergeKey: string): unknown {
  return mergeKey === '' ? element : mergeKeyOf(element, mergeKey)
}

function mergeList(
  old: JsonList,
  patch: JsonList,
  rule: MergeRule | undefined,
  mode: Mode,
  isDeleteList: boolean,
): JsonList {
  const mergeKey = rule?.mergeKey
  if (mergeKey === undefined && !isDeleteList) return settled(patch, mode) as JsonList
  if (old.length === 0 && patch.length === 0) return old
  if (!isListOfMaps(old, patch)) {
    if (isDeleteList) return old.filter(element => !patch.includes(element))
    return inOrder([...new Set([...old, ...patch])], patch, old, '')
  }
  if (!mergeKey) throw new PatchError(500, 'cannot merge lists without merge key')
  const { remaining, elements, isReplaced } = specialElements(old, patch, mergeKey)
  if (isReplaced) return settled(elements, mode) as JsonList
  const merged = mergeElements(remaining, elements, mergeKey, rulesBelow(rule), mode)
  return inOrder(merged, elements, remaining, mergeKey)
}

/** Carries out the elements of a list patch that are directives; gives the others. */
function specialElements(
  old: JsonList,
  patch: JsonList,
  mergeKey: string,
): { remaining: JsonList; elements: JsonList; isReplaced: boolean } {
  let remaining = old
  let isReplaced = false
  const elements: JsonRecord[] = []
  for (const element of patch as readonly JsonRecord[]) {
    const directive = fieldOf(element, '$patch')
    if (directive === undefined) elements.push(element)
    else if (directive === 'delete') {
      const identity = mergeKeyOf(element, mergeKey)
      remaining = remaining.filter(other => identityOf(other, mergeKey) !== identity)
    } else if (directive === 'replace') isReplaced = true
    else if (directive === 'merge')
      throw new PatchError(500, 'merging lists cannot yet be specified in the patch')
    else throw new PatchError(500, `unknown patch type: ${goMap(directive)} in map: ${goMap(element)}`)
  }
  return { remaining, elements, isReplaced }
}

function mergeElements(
  old: JsonList,
  patch: JsonList,
  mergeKey: string,
  rules: MergeRules,
  mode: Mode,
): JsonList {
  const merged = [...old]
  for (const element of patch as readonly JsonRecord[]) {
    const found = findByKey(merged, mergeKey, mergeKeyOf(element, mergeKey))
    if (found) merged[found[0]] = mergeMap(found[1], element, rules, mode)
    else merged.push(settled(element, mode))
  }
  return merged
}

/** A value that was not there before: what carries a `$patch` is left out; undefined when that is all of it. */
function newValue(value: unknown, mode: Mode): unknown {
  return settled(withoutMarked(value), mode)
}

function withoutMarked(value: unknown): unknown {
  if (isList(value)) return value.map(withoutMarked).filter(element => element !== undefined)
  if (!isRecord(value)) return value
  if (fieldOf(value, '$patch') !== undefined) return undefined
  return mapFields(value, withoutMarked)
}

/** A value as it is stored: applied, it has neither nulls nor directives left in it. */
function settled(value: unknown, mode: Mode): unknown {
  if (mode === 'combine') return value
  if (isList(value)) return value.map(element => settled(element, mode))
  if (!isRecord(value)) return value
  return mapFields(value, (field, key) =>
    field === null || key.startsWith('$') ? undefined : settled(field, mode),
  )
}

/** The record with every field changed; those that become undefined are left out. */
function mapFields(record: JsonRecord, change: (value: unknown, key: string) => unknown): JsonRecord {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(record)) {
    const value = change(record[key], key)
    if (value !== undefined) setField(result, key, value)
  }
  return result
}
