/**
 * Making strategic merge patches: from two versions of an object, or from three as `kubectl apply` does. Mirrors
 * apimachinery's `strategicpatch.CreateTwoWayMergePatch` and `CreateThreeWayMergePatch` (with overwrite, as
 * kubectl calls it).
 */
import { deepEqual } from '../deep-equal.ts'
import { fieldOf, isList, isRecord, isSameType, type JsonList, type JsonRecord, setField } from './json.ts'
import { type MergeRule, type MergeRules, ruleOf, rulesBelow } from './merge-keys.ts'
import { identityOf, isListOfMaps, mergeKeyOf, requireMergeKey, sortBy } from './merge-lists.ts'
import { combineStrategicMergePatches, DELETE_FROM_LIST, SET_ORDER } from './strategic-merge.ts'

/** Which half of a difference is wanted. */
interface Wanted {
  readonly changes: boolean
  readonly deletions: boolean
}

/** The patch that makes `modified` of `original`; empty when they are equal. */
export function createStrategicMergePatch(
  original: JsonRecord,
  modified: JsonRecord,
  rules: MergeRules,
): JsonRecord {
  return diffMaps(original, modified, rules, { changes: true, deletions: true }, false)
}

/**
 * What apply sends: changes from `current` (the live object) to `modified` (the manifest), and deletions from
 * `original` (the last applied manifest) to `modified`.
 */
export function createThreeWayStrategicMergePatch(
  original: JsonRecord,
  modified: JsonRecord,
  current: JsonRecord,
  rules: MergeRules,
): JsonRecord {
  const changes = diffMaps(current, modified, rules, { changes: true, deletions: false }, false)
  const deletions = diffMaps(original, modified, rules, { changes: false, deletions: true }, false)
  return combineStrategicMergePatches(deletions, changes, rules)
}

function diffMaps(
  original: JsonRecord,
  modified: JsonRecord,
  rules: MergeRules,
  wanted: Wanted,
  retainsKeys: boolean,
): JsonRecord {
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(modified)) {
    const after = modified[key]
    if (after !== undefined) diffField(patch, key, fieldOf(original, key), after, rules, wanted)
  }
  const gone = Object.keys(original).filter(
    key => original[key] !== undefined && fieldOf(modified, key) === undefined,
  )
  if (wanted.deletions) for (const key of gone) setField(patch, key, null)
  if (!retainsKeys) return patch
  const kept = Object.keys(modified).filter(key => modified[key] !== null && modified[key] !== undefined)
  const isChanged = Object.keys(patch).length > 0 || gone.some(key => original[key] !== null)
  if (kept.length > 0 && isChanged) patch.$retainKeys = kept.sort()
  return patch
}

function diffField(
  patch: Record<string, unknown>,
  key: string,
  before: unknown,
  after: unknown,
  rules: MergeRules,
  wanted: Wanted,
): void {
  const rule = ruleOf(rules, key)
  if (isRecord(before) && isRecord(after)) {
    const below = diffMaps(before, after, rulesBelow(rule), wanted, rule?.retainKeys === true)
    if (Object.keys(below).length > 0) setField(patch, key, below)
  } else if (isList(before) && isList(after) && rule?.mergeKey !== undefined) {
    diffLists(patch, key, before, after, rule, wanted)
  } else if (wanted.changes && !(isSameType(before, after) && deepEqual(before, after))) {
    setField(patch, key, after)
  }
}

function diffLists(
  patch: Record<string, unknown>,
  key: string,
  before: JsonList,
  after: JsonList,
  rule: MergeRule,
  wanted: Wanted,
): void {
  if (before.length === 0) {
    if (after.length > 0 && wanted.changes) patch[key] = after
    return
  }
  if (isListOfMaps(before, after)) diffListsOfMaps(patch, key, before, after, rule, wanted)
  else diffListsOfValues(patch, key, before, after, wanted)
}

function diffListsOfMaps(
  patch: Record<string, unknown>,
  key: string,
  before: JsonList,
  after: JsonList,
  rule: MergeRule,
  wanted: Wanted,
): void {
  const mergeKey = rule.mergeKey!
  requireMergeKey(before, mergeKey)
  requireMergeKey(after, mergeKey)
  // Elements of one key are matched in the order they stand: ports may share a number.
  const unmatched = new Map<string, JsonRecord[]>()
  for (const element of before as readonly JsonRecord[]) {
    const text = String(element[mergeKey])
    unmatched.set(text, [...(unmatched.get(text) ?? []), element])
  }
  const elements: unknown[] = []
  for (const element of after as readonly JsonRecord[]) {
    const old = unmatched.get(String(element[mergeKey]))?.shift()
    if (old) {
      const below = diffMaps(old, element, rulesBelow(rule), wanted, rule.retainKeys === true)
      if (Object.keys(below).length > 0) elements.push({ ...below, [mergeKey]: element[mergeKey] })
    } else if (wanted.changes) elements.push(element)
  }
  const deletions = wanted.deletions ? [...unmatched.values()].flat() : []
  deletions.sort((a, b) => (String(a[mergeKey]) < String(b[mergeKey]) ? -1 : 1))
  const list = [
    ...sortBy(elements, after, mergeKey),
    ...deletions.map(element => ({ [mergeKey]: element[mergeKey], $patch: 'delete' })),
  ]
  if (list.length > 0) patch[key] = list
  const isReordered =
    before.length !== after.length ||
    before.some((element, index) => mergeKeyOf(element, mergeKey) !== identityOf(after[index], mergeKey))
  if (list.length > 0 || (wanted.changes && isReordered)) {
    patch[SET_ORDER + key] = after.map(element => ({ [mergeKey]: identityOf(element, mergeKey) }))
  }
}

function diffListsOfValues(
  patch: Record<string, unknown>,
  key: string,
  before: JsonList,
  after: JsonList,
  wanted: Wanted,
): void {
  const added = wanted.changes ? surplus(after, before) : []
  const deleted = wanted.deletions ? [...new Set(surplus(before, after))] : []
  if (added.length > 0) patch[key] = sortBy(added, after, '')
  if (deleted.length > 0) patch[DELETE_FROM_LIST + key] = deleted
  if (deleted.length > 0 || (wanted.changes && !deepEqual(before, after))) patch[SET_ORDER + key] = after
}

/** What `list` has more of than `other`, sorted as text. */
function surplus(list: JsonList, other: JsonList): JsonList {
  const rest = [...other]
  const more = list.filter(element => {
    const at = rest.indexOf(element)
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
  return more.sort((a, b) => (String(a) < String(b) ? -1 : 1))
}
