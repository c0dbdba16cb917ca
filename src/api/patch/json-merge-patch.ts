/**
 * JSON merge patch (RFC 7386): null removes a field, maps merge, everything else replaces. Also how `kubectl
 * apply` makes one for custom resources (apimachinery's `jsonmergepatch`).
 */
import { deepEqual } from '../deep-equal.ts'
import { fieldOf, isRecord, type JsonRecord, setField } from './json.ts'

/** The document after the patch; parts the patch does not touch are shared. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const old = isRecord(document) ? document : {}
  const result: Record<string, unknown> = { ...old }
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === undefined) continue
    if (value === null) delete result[key]
    else setField(result, key, applyMergePatch(fieldOf(old, key), value))
  }
  return result
}

/** The merge patch that makes `modified` of `original`. */
export function createMergePatch(original: JsonRecord, modified: JsonRecord): JsonRecord {
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(modified)) {
    const [before, after] = [fieldOf(original, key), modified[key]]
    if (after === undefined || deepEqual(before, after)) continue
    setField(patch, key, isRecord(before) && isRecord(after) ? createMergePatch(before, after) : after)
  }
  for (const key of Object.keys(original)) {
    if (original[key] !== undefined && fieldOf(modified, key) === undefined) setField(patch, key, null)
  }
  return patch
}

/**
 * What apply sends for a kind without merge keys: changes from `current` to `modified`, and deletions from
 * `original` (the last applied configuration) to `modified`.
 */
export function createThreeWayMergePatch(
  original: JsonRecord,
  modified: JsonRecord,
  current: JsonRecord,
): JsonRecord {
  const changes = onlyNulls(createMergePatch(current, modified), false)
  const deletions = onlyNulls(createMergePatch(original, modified), true)
  return combine(deletions, changes)
}

/** Keeps a patch's removals, or everything but them. Maps that end up empty are dropped, given ones are values. */
function onlyNulls(patch: JsonRecord, keepsNulls: boolean): JsonRecord {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null || !isRecord(value) || Object.keys(value).length === 0) {
      if ((value === null) === keepsNulls) setField(result, key, value)
      continue
    }
    const below = onlyNulls(value, keepsNulls)
    if (Object.keys(below).length > 0) setField(result, key, below)
  }
  return result
}

/** One patch that does what both do; nulls stay. */
function combine(first: JsonRecord, second: JsonRecord): JsonRecord {
  const result: Record<string, unknown> = { ...first }
  for (const key of Object.keys(second)) {
    const [one, other] = [fieldOf(first, key), second[key]]
    setField(result, key, isRecord(one) && isRecord(other) ? combine(one, other) : other)
  }
  return result
}
