/**
 * The live object with an applied configuration merged in: what the configuration names is its own, the rest stays.
 * Mirrors structured-merge-diff's `Merge`, with its order of merged lists: the configuration's, with what only the
 * live list has kept where it stood.
 */
import type { PathElement } from './field-set.ts'
import type { MergeType } from './merge-type.ts'
import { elementOf, indexed, isRecord, type Json, typeBelow } from './walk.ts'

/** `configuration` wins; parts that it does not touch are shared with `live`. */
export function merge(live: unknown, configuration: unknown, type: MergeType): unknown {
  if (configuration === undefined) return live
  if (live === undefined || live === null) return configuration
  switch (type.is) {
    case 'scalar':
    case 'atomic':
      return configuration
    case 'set':
    case 'keyed':
      if (configuration === null) return live
      return Array.isArray(live) && Array.isArray(configuration)
        ? mergeLists(live, configuration, type)
        : configuration
    case 'unknown':
      return isRecord(live) && isRecord(configuration)
        ? mergeRecords(live, configuration, type)
        : configuration
    default:
      if (configuration === null) return live
      return isRecord(live) && isRecord(configuration)
        ? mergeRecords(live, configuration, type)
        : configuration
  }
}

function mergeRecords(
  live: Json,
  configuration: Json,
  type: MergeType & { is: 'struct' | 'map' | 'unknown' },
): Json {
  const merged: Record<string, unknown> = { ...live }
  for (const name of Object.keys(configuration)) {
    const below = typeBelow(type, name)
    if (!below || configuration[name] === undefined) continue
    const old = Object.hasOwn(live, name) ? live[name] : undefined
    const value = merge(old, configuration[name], below)
    if (name === '__proto__') Object.defineProperty(merged, name, { value, enumerable: true })
    else merged[name] = value
  }
  return merged
}

function mergeLists(
  live: readonly unknown[],
  configuration: readonly unknown[],
  type: MergeType & { is: 'set' | 'keyed' },
): unknown[] {
  const liveElements = live.map(item => elementOf(item, type))
  const wantedElements = configuration.map(item => elementOf(item, type))
  const [liveItems, wantedItems] = [indexed(live, type), indexed(configuration, type)]
  const shared = wantedElements.filter(element => liveItems.has(element))
  const mergeItem = (element: PathElement) => {
    const old = liveItems.get(element)
    const wanted = wantedItems.get(element)![0]
    return type.is === 'keyed' && old?.length === 1 ? merge(old[0], wanted, type.of) : wanted
  }
  const merged: unknown[] = []
  const done = new Set<PathElement>()
  let nextShared = shared.shift()
  const take = (element: PathElement) => {
    merged.push(mergeItem(element))
    done.add(element)
    if (nextShared === element) nextShared = shared.shift()
  }
  for (let l = 0, w = 0; l < live.length || w < configuration.length; ) {
    const [ours, theirs] = [liveElements[l], wantedElements[w]]
    if (ours !== undefined && theirs !== undefined) {
      if (ours === theirs) {
        take(theirs)
        l++
        w++
        continue
      }
      // One that both have, but whose turn in the configuration's order has not come.
      if (wantedItems.has(ours) && nextShared !== undefined && nextShared !== ours) {
        l++
        continue
      }
    }
    if (ours !== undefined) {
      if (!wantedItems.has(ours)) {
        merged.push(live[l++])
        continue
      }
      if (done.has(ours)) l++
    }
    if (theirs !== undefined) {
      take(theirs)
      w++
    }
  }
  return merged
}
