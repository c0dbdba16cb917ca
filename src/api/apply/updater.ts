/**
 * What a write does to who manages what. Pure. Mirrors structured-merge-diff's `merge.Updater`: an update takes the
 * fields it changes; an apply takes the fields it names, and lets go of those it named before, which are removed
 * unless somebody else has them.
 */
import { compare, without } from './compare.ts'
import { EMPTY_SET, type FieldSet } from './field-set.ts'
import { idOf, type Manager, type ManagerName, type Managers } from './managers.ts'
import { merge } from './merge.ts'
import type { MergeType } from './merge-type.ts'
import { removeItems, withNamedFields } from './remove-items.ts'
import { toFieldSet } from './to-field-set.ts'

/** The versions that an object has: managers' fields are in terms of the version they wrote. */
export interface Versions {
  /** The type of an object at a version; undefined when the version is no longer served. */
  typeAt(apiVersion: string): MergeType | undefined
  convert(object: unknown, apiVersion: string): unknown
}

/** A write in the making. */
export interface Write {
  readonly versions: Versions
  /** Fields that a write to this resource or subresource cannot change. */
  readonly reset: FieldSet
  readonly now: string
}

/** Fields that one manager would lose to an apply. */
export interface Conflict {
  readonly manager: Manager
  readonly fields: FieldSet
}

/** The managers after `writer` made `after` of `before`. */
export function updateManagers(
  write: Write,
  before: unknown,
  after: unknown,
  managers: Managers,
  writer: ManagerName,
): Managers {
  const id = idOf(writer)
  const { rest, taken } = settle(write, before, after, managers, writer.apiVersion, undefined)
  if (taken.isEmpty) return rest
  const result = new Map(rest)
  const previous = result.get(id)
  const set = previous ? taken.union(previous.set) : taken
  result.set(id, { ...writer, set, time: write.now, entry: previous?.entry })
  return result
}

/** The outcome of an apply. */
export type Applied =
  | { readonly ok: true; readonly object: unknown; readonly managers: Managers }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] }
  | { readonly ok: false; readonly errors: readonly string[] }

/** What an applied configuration makes of `live`. Without `isForced` it takes no fields of others. */
export function apply(
  write: Write,
  live: unknown,
  configuration: unknown,
  managers: Managers,
  applier: ManagerName,
  isForced: boolean,
): Applied {
  const type = write.versions.typeAt(applier.apiVersion)!
  const id = idOf(applier)
  const { set: named, errors } = toFieldSet(configuration, type)
  if (errors.length > 0) return { ok: false, errors }
  const last = managers.get(id)
  const applied = new Map(managers)
  applied.set(id, {
    ...applier,
    set: named.recursiveDifference(write.reset),
    time: last?.time,
    entry: last?.entry,
  })
  const merged = merge(live, configuration, type)
  const object = last ? prune(write, merged, applied, applier.apiVersion, last) : merged
  const { rest, conflicts, isChanged } = settle(write, live, object, applied, applier.apiVersion, id)
  if (!isForced && conflicts.length > 0) return { ok: false, conflicts }
  const result = new Map(rest)
  const own = result.get(id)
  if (own && isChanged) result.set(id, { ...own, time: write.now })
  return { ok: true, object, managers: result }
}

interface Settled {
  /** Everybody without the fields that changed or went. */
  readonly rest: Managers
  /** The fields that changed, at the writer's version. */
  readonly taken: FieldSet
  readonly conflicts: readonly Conflict[]
  readonly isChanged: boolean
}

/** Takes what changed from all managers but `spared`. */
function settle(
  write: Write,
  before: unknown,
  after: unknown,
  managers: Managers,
  apiVersion: string,
  spared: string | undefined,
): Settled {
  const { versions, reset } = write
  const comparisons = new Map<string, ReturnType<typeof compare>>()
  const comparisonAt = (version: string) => {
    let comparison = comparisons.get(version)
    if (comparison) return comparison
    const type = versions.typeAt(version)
    if (!type) return undefined
    const isOwn = version === apiVersion
    const [old, next] = isOwn
      ? [before, after]
      : [versions.convert(before, version), versions.convert(after, version)]
    comparison = without(compare(old, next, type), reset)
    comparisons.set(version, comparison)
    return comparison
  }
  const own = comparisonAt(apiVersion)!
  const taken = own.added.union(own.modified)
  const isChanged = !taken.isEmpty || !own.removed.isEmpty
  const conflicts: Conflict[] = []
  const rest = new Map<string, Manager>()
  for (const [id, manager] of managers) {
    // The managers of a version that is gone manage nothing any more.
    const comparison = comparisonAt(manager.apiVersion)
    if (!comparison) continue
    if (id === spared) {
      if (!manager.set.isEmpty) rest.set(id, manager)
      continue
    }
    const changed = comparison.added.union(comparison.modified)
    const lost = changed.isEmpty ? EMPTY_SET : manager.set.intersection(changed)
    if (!lost.isEmpty) conflicts.push({ manager, fields: lost })
    const set = manager.set.difference(lost).difference(comparison.removed)
    if (!set.isEmpty) rest.set(id, set === manager.set ? manager : { ...manager, set })
  }
  return { rest, taken, conflicts, isChanged }
}

/** Removes what the applier named the last time, does not name now, and nobody else has. */
function prune(
  write: Write,
  merged: unknown,
  managers: Managers,
  apiVersion: string,
  last: Manager,
): unknown {
  const { versions } = write
  const type = versions.typeAt(last.apiVersion)
  if (!type || last.set.isEmpty) return merged
  const isOwn = last.apiVersion === apiVersion
  const whole = isOwn ? merged : versions.convert(merged, last.apiVersion)
  const lastNamed = withNamedFields(last.set, type)
  let pruned = removeItems(whole, lastNamed, type)
  pruned = keepOwned(write, whole, pruned, managers, last.apiVersion)
  const wholeSet = namedSet(whole, type)
  const dropped = wholeSet.difference(namedSet(pruned, type)).intersection(lastNamed)
  const result = removeItems(whole, dropped, type)
  return isOwn ? result : versions.convert(result, apiVersion)
}

/** Adds back what somebody has, each in terms of their version. */
function keepOwned(
  write: Write,
  whole: unknown,
  pruned: unknown,
  managers: Managers,
  apiVersion: string,
): unknown {
  const { versions } = write
  const owned = new Map<string, FieldSet>()
  for (const manager of managers.values()) {
    const others = owned.get(manager.apiVersion) ?? EMPTY_SET
    owned.set(manager.apiVersion, others.union(manager.set))
  }
  let kept = pruned
  const ownFirst = [...owned.keys()].sort((a, b) => Number(b === apiVersion) - Number(a === apiVersion))
  for (const version of ownFirst) {
    const type = versions.typeAt(version)
    if (!type) continue
    const isOwn = version === apiVersion
    const [all, some] = isOwn
      ? [whole, kept]
      : [versions.convert(whole, version), versions.convert(kept, version)]
    const wanted = namedSet(some, type).union(withNamedFields(owned.get(version)!, type))
    const result = removeItems(all, namedSet(all, type).difference(wanted), type)
    kept = isOwn ? result : versions.convert(result, apiVersion)
  }
  return kept
}

function namedSet(object: unknown, type: MergeType): FieldSet {
  return object === undefined ? EMPTY_SET : withNamedFields(toFieldSet(object, type).set, type)
}
