/**
 * From the living pairs of a range to its answer: filters, order, limit. Mirrors etcd's `executeRange`.
 */
import type { KeyValue, RangeRequest, RangeResponse } from './types.ts'

/** `kvs` are all pairs of the range in order of key, as of the revision asked for; not kept. */
export function assembleRange<V>(
  request: RangeRequest,
  kvs: KeyValue<V>[],
  revision: number,
  compareValues: (a: V, b: V) => number,
): RangeResponse<V> {
  const count = kvs.length
  if (request.countOnly) return { type: 'range', revision, kvs: [], more: false, count }
  let chosen = hasBounds(request) ? kvs.filter(kv => isWithinBounds(kv, request)) : kvs
  sort(chosen, request, compareValues)
  const limit = request.limit ?? 0
  const more = limit > 0 && chosen.length > limit
  if (more) chosen = chosen.slice(0, limit)
  if (request.keysOnly) chosen = chosen.map(kv => ({ ...kv, value: undefined as V }))
  return { type: 'range', revision, kvs: chosen, more, count }
}

function hasBounds(request: RangeRequest): boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request
  return Boolean(minModRevision || maxModRevision || minCreateRevision || maxCreateRevision)
}

function isWithinBounds<V>(kv: KeyValue<V>, request: RangeRequest): boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request
  return (
    kv.modRevision >= (minModRevision || 0) &&
    kv.modRevision <= (maxModRevision || Number.POSITIVE_INFINITY) &&
    kv.createRevision >= (minCreateRevision || 0) &&
    kv.createRevision <= (maxCreateRevision || Number.POSITIVE_INFINITY)
  )
}

/** In place. Equal pairs stay in order of key (etcd leaves their order open). */
function sort<V>(kvs: KeyValue<V>[], request: RangeRequest, compareValues: (a: V, b: V) => number): void {
  const target = request.sortTarget ?? 'key'
  const sign = request.sortOrder === 'descend' ? -1 : 1
  switch (target) {
    case 'key':
      if (sign < 0) kvs.reverse()
      break
    case 'version':
      kvs.sort((a, b) => sign * (a.version - b.version))
      break
    case 'create':
      kvs.sort((a, b) => sign * (a.createRevision - b.createRevision))
      break
    case 'mod':
      kvs.sort((a, b) => sign * (a.modRevision - b.modRevision))
      break
    case 'value':
      kvs.sort((a, b) => sign * compareValues(a.value, b.value))
      break
  }
}
