/**
 * GET of one object and of many. Mirrors `handlers/get.go`, the cacher's reads and etcd3's paging: the first page
 * comes from the cache, the next from etcd at the first one's revision. Where it differs: a read without a version is
 * as fresh as everything this server has written or read, where upstream asks etcd for its present revision; only while etcd is away
 * is it asked, and its silence is the answer.
 */
import { API_SERVER, ApiError, field, type KubeObject, type ScaleMapping } from '../api/index.ts'
import type { ApiResult, RequestOptions } from '../client/index.ts'
import { prefixEnd, type RangeRequest, type RangeResponse } from '../etcd/index.ts'
import { callback, type Routine } from '../sim/index.ts'
import { decodeToken, encodeToken } from './continue-token.ts'
import { answer, type Call, type Core, refusal, refuse, statuses } from './core.ts'
import { scaleOf } from './scale.ts'
import { type Selection, selectionOf } from './selection.ts'
import type { WatchCache } from './watch-cache.ts'
import { isSelected } from './watchers.ts'

export function* getObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { kind, namespace, name, subresource, options } = call.request
  yield* reachVersion(core, cache, options.resourceVersion)
  const stored = cache.get(namespace, name)?.object
  if (!stored) return refusal(statuses.notFound(kind, name), call.warnings)
  const object = kind.conversion ? yield* core.conversions.served(kind, stored) : stored
  if (subresource === 'scale') return answer(call, 200, scaleOf(kind.scale as ScaleMapping<never>, object))
  return answer(call, 200, object)
}

export function listObjects(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  return call.request.kind.conversion ? listConverted(core, call, cache) : listStored(core, call, cache)
}

/** The list in the version that was asked for. Field selectors are about that version, too. */
function* listConverted(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { kind, namespace, options } = call.request
  const { conversions } = core
  if (options.fieldSelector) {
    yield* conversions.servedAll(
      kind,
      cache.list(namespace).map(({ object }) => object),
    )
  }
  const listed = yield* listStored(core, call, cache)
  if (!listed.ok) return listed
  const { items } = listed.object as unknown as { readonly items: readonly KubeObject[] }
  const list = { ...listed.object, items: yield* conversions.servedAll(kind, items) }
  return { ...listed, object: list as never }
}

function* listStored(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { options } = call.request
  checkVersions(options)
  const selection = selectionOf(call)
  if (options.continue) {
    const { revision, start } = decodeToken(options.continue)
    return yield* pageFromEtcd(core, call, cache, selection, Math.max(revision, 0), start)
  }
  if (options.resourceVersionMatch === 'Exact') {
    const revision = versionOf(options.resourceVersion)
    if (revision > core.cacher.revision) yield* reachVersion(core, cache, options.resourceVersion)
    return yield* pageFromEtcd(core, call, cache, selection, revision, '')
  }
  yield* reachVersion(core, cache, options.resourceVersion)
  return pageFromCache(core, call, cache, selection)
}

function pageFromCache(core: Core, call: Call, cache: WatchCache, selection: Selection): ApiResult {
  const { limit = 0 } = call.request.options
  const { revision } = core.cacher
  const items: KubeObject[] = []
  if (selection.name && (selection.namespace || !cache.kind.isNamespaced)) {
    const object = cache.get(selection.namespace, selection.name)?.object
    if (object && isSelected(selection, object)) items.push(object)
    return listAnswer(call, items, revision)
  }
  const entries = cache.list(selection.namespace)
  for (let i = 0; i < entries.length; i++) {
    const { object, etcdKey } = entries[i]!
    if (!isSelected(selection, object)) continue
    if (limit > 0 && items.length === limit) {
      const start = etcdKey.slice(scopeOf(cache, selection).length)
      const remaining = selection.matches ? undefined : entries.length - i
      return listAnswer(call, items, revision, encodeToken({ revision, start }), remaining)
    }
    items.push(object)
  }
  return listAnswer(call, items, revision)
}

/** A page at a past revision. Reads on until the page is full: selectors may leave little of what etcd sends. */
function* pageFromEtcd(
  core: Core,
  call: Call,
  cache: WatchCache,
  selection: Selection,
  wantedRevision: number,
  start: string,
): Routine<ApiResult> {
  const { limit = 0, continue: token } = call.request.options
  const prefix = scopeOf(cache, selection)
  const items: KubeObject[] = []
  let key = prefix + start
  let revision = wantedRevision
  for (;;) {
    const range = { key, rangeEnd: prefixEnd(prefix), revision, limit }
    const response = yield* token ? continued(core, range, start) : core.store.range(range)
    const { kvs, more, count } = response
    if (revision === 0) revision = response.revision
    for (let i = 0; i < kvs.length; i++) {
      const object = kvs[i]!.value
      if (!isSelected(selection, object)) continue
      if (limit > 0 && items.length === limit) {
        const next = encodeToken({ revision, start: kvs[i]!.key.slice(prefix.length) })
        return listAnswer(call, items, revision, next, selection.matches ? undefined : count - i)
      }
      items.push(object)
    }
    const last = kvs.at(-1)
    if (!more || !last) return listAnswer(call, items, revision)
    key = `${last.key}\0`
    if (items.length === limit) {
      const next = encodeToken({ revision, start: key.slice(prefix.length) })
      return listAnswer(call, items, revision, next, selection.matches ? undefined : count - kvs.length)
    }
  }
}

/** A further page. Throws ApiError 410, with a token to go on by at another revision, when its own is compacted. */
function* continued(core: Core, range: RangeRequest, start: string): Routine<RangeResponse<KubeObject>> {
  try {
    return yield* core.store.range(range, LOST_PLACE)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.reason !== 'Expired') throw error
    const metadata = { continue: encodeToken({ revision: -1, start }) }
    return refuse({ ...error.status, metadata: metadata as never })
  }
}

const LOST_PLACE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** The prefix of the keys that a list is about. */
function scopeOf(cache: WatchCache, { namespace }: Selection): string {
  return namespace ? `${cache.prefix}${namespace}/` : cache.prefix
}

function listAnswer(
  call: Call,
  items: readonly KubeObject[],
  revision: number,
  next?: string,
  remainingItemCount?: number,
): ApiResult {
  const { kind } = call.request
  const metadata = {
    resourceVersion: String(revision),
    ...(next && { continue: next }),
    ...(next && remainingItemCount !== undefined && { remainingItemCount }),
  }
  return answer(call, 200, { apiVersion: kind.apiVersion, kind: `${kind.kind}List`, metadata, items })
}

/** Throws ApiError for combinations of version, match and paging that mean nothing. */
function checkVersions({
  resourceVersion,
  resourceVersionMatch,
  continue: token,
  limit = 0,
  sendInitialEvents,
}: RequestOptions): void {
  const forbidden = (why: string) => forbiddenOption('resourceVersionMatch', why)
  if (limit < 0) refuse(statuses.badRequest('limit must not be negative'))
  if (sendInitialEvents !== undefined) {
    forbiddenOption('sendInitialEvents', 'sendInitialEvents is forbidden for list')
  }
  if (token && resourceVersion && resourceVersion !== '0') {
    refuse(statuses.badRequest('specifying resource version is not allowed when using continue'))
  }
  if (!resourceVersionMatch) return
  if (!resourceVersion) {
    forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided')
  }
  if (token) forbidden('resourceVersionMatch is forbidden when continue is provided')
  if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
    forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
  }
}

/** Throws ApiError 422 for combinations that mean nothing in a watch. */
export function checkWatchOptions(options: RequestOptions): void {
  const { resourceVersionMatch: match, sendInitialEvents, continue: token } = options
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    forbiddenOption(
      'resourceVersionMatch',
      'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    )
  }
  if (!match) return
  if (sendInitialEvents === undefined) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
    forbiddenOption('resourceVersionMatch', why)
  }
  if (token)
    forbiddenOption('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided')
}

function forbiddenOption(name: string, why: string): never {
  return refuse(statuses.invalid(LIST_OPTIONS, '', [field.fieldForbidden(name, why)]))
}

const LIST_OPTIONS = { group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }

/** A resourceVersion as a revision. Throws ApiError 400. */
export function versionOf(version: string | undefined): number {
  if (!version) return 0
  if (/^\d+$/.test(version)) return Number(version)
  const why = `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`
  return refuse(statuses.badRequest(`resourceVersion: Invalid value: ${JSON.stringify(version)}: ${why}`))
}

/**
 * How fresh an answer must be: '' as fresh as anything this server has written or read, '0' whatever is there, a
 * number at least that. Waits; throws ApiError 504 when it never comes.
 */
export function* reachVersion(core: Core, cache: WatchCache, version: string | undefined): Routine<void> {
  const { cacher } = core
  if (!version) {
    if (!core.store.isReachable) yield* core.store.range({ key: cache.prefix, limit: 1, keysOnly: true })
    if (cacher.isBehind) yield* cacher.reach(core.store.revision)
    return
  }
  const revision = versionOf(version)
  if (revision <= cacher.revision) return
  const isReached = yield* callback<boolean>(done => {
    const wait = core.scope.child('freshness')
    const settle = (reached: boolean) => {
      wait.close()
      done(reached)
    }
    const label = core.labels.freshness
    wait.schedule(API_SERVER.freshnessWaitMs, label, settle, false)
    wait.spawn(label, cacher.reach(revision), () => settle(true))
  })
  if (isReached) return
  const message = `Too large resource version: ${revision}, current: ${cacher.revision}`
  const status = statuses.timeout(`Timeout: ${message}`)
  refuse({
    ...status,
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message }], retryAfterSeconds: 1 },
  })
}
