/** GET of one object and of many. Mirrors `handlers/get.go` and the reads of the cacher. */
import type { KubeObject, ScaleMapping } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { answer, type Call, type Core, refusal, refuse, statuses } from './core.ts'
import { selectionOf } from './selection.ts'
import { scaleOf } from './subresources.ts'
import type { WatchCache } from './watch-cache.ts'
import { isSelected } from './watchers.ts'

export function* getObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { kind, namespace, name, subresource, options } = call.request
  yield* reachVersion(core, options.resourceVersion)
  const object = cache.get(namespace, name)?.object
  if (!object) return refusal(statuses.notFound(kind, name), call.warnings)
  if (subresource === 'scale') return answer(call, 200, scaleOf(kind.scale as ScaleMapping<never>, object))
  return answer(call, 200, object)
}

export function* listObjects(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { request } = call
  const { kind, options } = request
  const selection = selectionOf(request)
  yield* reachVersion(core, options.resourceVersion)
  const items: KubeObject[] = []
  if (selection.name && (selection.namespace || !kind.isNamespaced)) {
    const object = cache.get(selection.namespace, selection.name)?.object
    if (object && isSelected(selection, object)) items.push(object)
  } else {
    for (const { object } of cache.list(selection.namespace)) {
      if (isSelected(selection, object)) items.push(object)
    }
  }
  return answer(call, 200, {
    apiVersion: kind.apiVersion,
    kind: `${kind.kind}List`,
    metadata: { resourceVersion: String(core.cacher.revision) },
    items,
  })
}

/**
 * How fresh an answer must be: '' as fresh as anything this server has written or read, '0' whatever is there, a
 * number at least that. Waits; throws ApiError.
 */
export function* reachVersion(core: Core, version: string | undefined): Routine<void> {
  if (version === '0') return
  if (!version) {
    if (core.cacher.isBehind) yield* core.cacher.reach(core.store.revision)
    return
  }
  const revision = Number(version)
  if (!Number.isInteger(revision) || revision < 0) {
    refuse(
      statuses.badRequest(
        `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`,
      ),
    )
  }
  yield* core.cacher.reach(revision)
}
