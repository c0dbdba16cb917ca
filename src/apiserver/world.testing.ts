/** A server on a real etcd and loop, asked through its port: what the tests of this room stand on. */
import {
  type AnyKind,
  KINDS,
  type KubeObject,
  type NewObject,
  Scheme,
  ServiceAccounts,
} from '../api/index.ts'
import type { ApiRequest, ApiResult, RequestOptions, UserInfo, WatchEvent } from '../client/index.ts'
import { Etcd } from '../etcd/index.ts'
import { type Scope, Simulation } from '../sim/index.ts'
import { ApiServer, type ApiServerOptions } from './server.ts'
import { sealObject } from './store.ts'

/** `409 Conflict: ...`; throws when the result is no refusal. */
export function refusalOf(result: ApiResult<unknown> | undefined): string {
  if (!result || result.ok) throw new Error('this was to be refused')
  return `${result.code} ${result.status.reason}: ${result.status.message}`
}

/** What a watch has received. */
export interface Watched {
  readonly events: WatchEvent[]
  readonly deliveries: number[]
  closed: { status: unknown } | undefined
  stop(): void
  /** `ADDED web`, `MODIFIED web`, ... */
  story(): string[]
}

export class World {
  readonly sim: Simulation
  readonly etcd: Etcd<KubeObject>
  readonly etcdScope: Scope
  server: ApiServer
  #serverScope: Scope
  readonly #options: Partial<ApiServerOptions>
  readonly user = { name: 'kubernetes-admin', groups: ['system:masters'] }

  constructor(options: Partial<ApiServerOptions> & { seed?: number } = {}) {
    this.sim = new Simulation({ seed: options.seed ?? 1 })
    this.#options = options
    this.etcdScope = this.sim.root.child('etcd')
    this.etcd = new Etcd<KubeObject>(this.etcdScope, { seal: sealObject })
    this.etcd.start()
    this.#serverScope = this.sim.root.child('apiserver')
    this.server = this.#newServer()
    this.sim.advance(100)
  }

  /** Kills the server and starts another on the same etcd. */
  restart(options: Partial<ApiServerOptions> = {}): void {
    this.#serverScope.close()
    this.#serverScope = this.sim.root.child('apiserver')
    this.server = this.#newServer(options)
  }

  crash(): void {
    this.#serverScope.close()
  }

  /** Lets what is under way arrive everywhere. */
  settle(): void {
    this.sim.advance(10)
  }

  /** Sends a request and lets time pass until it is answered. */
  ask<T = KubeObject>(
    verb: ApiRequest['verb'],
    kind: AnyKind,
    path: string,
    body?: unknown,
    options: RequestOptions & { isFromWire?: boolean; as?: UserInfo } = {},
  ): ApiResult<T> {
    const pending = this.send<T>(verb, kind, path, body, options)
    this.sim.runUntil(() => pending.result !== undefined, 120_000)
    if (!pending.result) throw new Error(`no answer to ${verb} ${kind.plural} ${path}`)
    return pending.result
  }

  /** Sends a request; the answer appears in `result`. `path` is `namespace/name`, `/name`, `namespace/`; `#sub`. */
  send<T = KubeObject>(
    verb: ApiRequest['verb'],
    kind: AnyKind,
    path: string,
    body?: unknown,
    options: RequestOptions & { isFromWire?: boolean; as?: UserInfo } = {},
  ): { result: ApiResult<T> | undefined } {
    const pending: { result: ApiResult<T> | undefined } = { result: undefined }
    const { isFromWire, as = this.user, ...rest } = options
    this.server.request(as, { verb, kind, ...parse(path), body, options: rest, isFromWire }, result => {
      pending.result = result as unknown as ApiResult<T>
      this.sim.markChanged()
    })
    return pending
  }

  /** Creates and gives what was stored; throws what was refused. */
  create<T extends KubeObject = KubeObject>(
    kind: AnyKind,
    object: NewObject<T> | object,
    options: RequestOptions = {},
  ): T {
    const { namespace = '' } = (object as NewObject<T>).metadata
    return this.must<T>(this.ask('create', kind, `${namespace}/`, object, options))
  }

  must<T>(result: ApiResult): T {
    if (!result.ok) throw new Error(`${result.code} ${result.status.message}`)
    return result.object as T
  }

  watch(kind: AnyKind, path: string, options: RequestOptions = {}): Watched {
    const { sim } = this
    const watched: Watched = {
      events: [],
      deliveries: [],
      closed: undefined,
      stop: () => handle.stop(),
      story: () => watched.events.map(event => `${event.type} ${event.object.metadata.name}`),
    }
    const handle = this.server.watch(
      this.user,
      { verb: 'watch', kind, ...parse(path), options },
      {
        deliver(events) {
          watched.events.push(...events)
          watched.deliveries.push(sim.now)
        },
        closed(status) {
          watched.closed = { status }
        },
      },
    )
    return watched
  }

  #newServer(options: Partial<ApiServerOptions> = {}): ApiServer {
    const server = new ApiServer(this.#serverScope, {
      scheme: new Scheme(KINDS),
      etcd: this.etcd,
      ...this.#options,
      ...options,
    })
    server.start()
    return server
  }
}

function parse(path: string): { namespace: string; name: string; subresource: string } {
  const [address = '', subresource = ''] = path.split('#')
  const slash = address.indexOf('/')
  if (slash < 0) return { namespace: '', name: address, subresource }
  return { namespace: address.slice(0, slash), name: address.slice(slash + 1), subresource }
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}, namespace = 'default') {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }
}

export function pod(name: string, more: { metadata?: object; spec?: object } = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...more.metadata },
    spec: { containers: [{ name: 'web', image: 'nginx' }], ...more.spec },
  }
}

export function deployment(name: string, replicas: number) {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  }
}

export function serviceAccount(name = 'default', namespace = 'default') {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }
}

/** A world where pods can be created in the default namespace. */
export function worldWithAccount(): World {
  const world = new World()
  world.create(ServiceAccounts, serviceAccount())
  world.settle()
  return world
}
