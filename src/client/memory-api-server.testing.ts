/**
 * A tiny API server for this room's tests: objects in a map, watches from a log. It validates nothing; the real
 * one stands a floor above, where these tests must not look.
 */
import { type AnyKind, type KubeObject, keyOf, type Status, statuses } from '../api/index.ts'
import type { Scope } from '../sim/index.ts'
import type { ApiRequest, ApiResult, ApiServerPort, UserInfo, WatchEvent, WatchSink } from './api-port.ts'

interface Watcher {
  readonly kind: AnyKind
  readonly sink: WatchSink
}

export class MemoryApiServer implements ApiServerPort {
  readonly #scope: Scope
  readonly #objects = new Map<AnyKind, Map<string, KubeObject>>()
  readonly #log: { kind: AnyKind; revision: number; event: WatchEvent }[] = []
  #watchers: Watcher[] = []
  #revision = 100
  #oldest = 0
  /** Every request, as `verb plural key`. */
  readonly seen: string[] = []
  /** Gives a refusal for requests that are to fail. */
  refuse: (request: ApiRequest) => Status | undefined = () => undefined

  constructor(scope: Scope) {
    this.#scope = scope
  }

  request(_user: UserInfo, request: ApiRequest, reply: (result: ApiResult<never>) => void): void {
    const { namespace, name } = request
    this.seen.push(`${request.verb} ${request.kind.plural} ${namespace ? `${namespace}/` : ''}${name}`)
    const label = this.#scope.sim.label('memory-api-server/request')
    this.#scope.schedule(1, label, () => reply(this.#answer(request) as ApiResult<never>), undefined)
  }

  watch(_user: UserInfo, request: ApiRequest, sink: WatchSink) {
    const from = Number(request.options.resourceVersion)
    const watcher: Watcher = { kind: request.kind, sink }
    const label = this.#scope.sim.label('memory-api-server/watch')
    this.#scope.schedule(
      0,
      label,
      () => {
        if (from < this.#oldest) return sink.closed(statuses.expired(`too old resource version: ${from}`))
        const missed = this.#log.filter(entry => entry.kind === request.kind && entry.revision > from)
        if (missed.length > 0) sink.deliver(missed.map(entry => entry.event))
        this.#watchers.push(watcher)
        return undefined
      },
      undefined,
    )
    return { stop: () => this.#drop(watcher) }
  }

  get watchers(): number {
    return this.#watchers.length
  }

  /** Forgets its history: watches from before now are refused with 410. */
  compact(): void {
    this.#log.length = 0
    this.#oldest = this.#revision
  }

  /** Ends every watch, with or without a reason. */
  closeWatches(status: Status | undefined): void {
    for (const { sink } of this.#watchers.splice(0)) sink.closed(status)
  }

  put(kind: AnyKind, object: Record<string, unknown> & { metadata: object }): KubeObject {
    const known = this.#of(kind).get(keyOf(object as unknown as KubeObject))
    const uid = known?.metadata.uid ?? `uid-${this.#revision + 1}`
    const metadata = { uid, ...object.metadata } as KubeObject['metadata']
    metadata.resourceVersion = `${++this.#revision}`
    const { apiVersion } = kind
    const stored = Object.freeze({ ...object, apiVersion, kind: kind.kind, metadata }) as KubeObject
    const key = keyOf(stored)
    const type = known ? 'MODIFIED' : 'ADDED'
    this.#of(kind).set(key, stored)
    this.#emit(kind, type, key, stored)
    return stored
  }

  remove(kind: AnyKind, key: string): void {
    const object = this.#of(kind).get(key)
    if (!object) return
    this.#of(kind).delete(key)
    const metadata = { ...object.metadata, resourceVersion: `${++this.#revision}` }
    this.#emit(kind, 'DELETED', key, { ...object, metadata })
  }

  get(kind: AnyKind, key: string): KubeObject | undefined {
    return this.#of(kind).get(key)
  }

  all(kind: AnyKind): KubeObject[] {
    return [...this.#of(kind).values()]
  }

  #answer(request: ApiRequest): ApiResult {
    const refusal = this.refuse(request)
    if (refusal) return { ok: false, code: refusal.code!, status: refusal }
    const { kind, namespace, name, body } = request
    const key = namespace ? `${namespace}/${name}` : name
    const known = this.#of(kind).get(key)
    const fail = (status: Status): ApiResult => ({ ok: false, code: status.code!, status })
    switch (request.verb) {
      case 'list': {
        const items = [...this.#of(kind).values()]
        const list = { kind: `${kind.kind}List`, metadata: { resourceVersion: `${this.#revision}` }, items }
        return { ok: true, code: 200, object: list as unknown as KubeObject }
      }
      case 'create': {
        if (known) return fail(statuses.alreadyExists(kind, name))
        const object = body as KubeObject
        const generated = name || `${object.metadata.generateName}${this.#revision}`
        const metadata = { ...object.metadata, name: generated }
        return { ok: true, code: 201, object: this.put(kind, { ...object, metadata }) }
      }
      case 'update': {
        if (!known) return fail(statuses.notFound(kind, name))
        const object = body as KubeObject
        if (object.metadata.resourceVersion !== known.metadata.resourceVersion)
          return fail(statuses.conflict(kind, name))
        return { ok: true, code: 200, object: this.put(kind, { ...object }) }
      }
      case 'patch': {
        if (!known) return fail(statuses.notFound(kind, name))
        return { ok: true, code: 200, object: this.put(kind, { ...known, ...(body as object) }) }
      }
      default: {
        if (!known) return fail(statuses.notFound(kind, name))
        if (request.verb === 'delete') this.remove(kind, key)
        return { ok: true, code: 200, object: known }
      }
    }
  }

  #emit(kind: AnyKind, type: WatchEvent['type'], key: string, object: KubeObject): void {
    const { sim } = this.#scope
    const cause = sim.note(sim.label('memory-api-server/commit'), sim.subject(key), this.#revision)
    const event: WatchEvent = { type, object, key, cause }
    this.#log.push({ kind, revision: this.#revision, event })
    for (const watcher of [...this.#watchers]) if (watcher.kind === kind) watcher.sink.deliver([event])
  }

  #drop(watcher: Watcher): void {
    this.#watchers = this.#watchers.filter(other => other !== watcher)
  }

  #of(kind: AnyKind): Map<string, KubeObject> {
    let objects = this.#objects.get(kind)
    if (!objects) {
      objects = new Map()
      this.#objects.set(kind, objects)
    }
    return objects
  }
}
