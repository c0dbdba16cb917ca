/**
 * Follows a kind at the API server: a list, then a watch from its resourceVersion. A watch that breaks is taken
 * up again from the last version seen; only `410 Gone` makes it list again. Mirrors client-go's Reflector;
 * differs in that watches have no timeout of their own (upstream renews them every 5 to 10 minutes).
 */
import { CLIENT, type KindDefinition, type KubeList, type KubeObject, type Status } from '../api/index.ts'
import type { Cause, Label, RandomStream, Scope } from '../sim/index.ts'
import { type ApiPort, type ApiResult, requestFor, type WatchEvent, type WatchHandle } from './api-port.ts'
import type { InformerOptions } from './informer.ts'

/** Who is told. */
export interface ReflectorSink<T extends KubeObject> {
  /** Everything there is; calls `done` when it has been taken in, which may be some loop events later. */
  replace(objects: readonly T[], cause: Cause, done: () => void): void
  deliver(events: readonly WatchEvent[]): void
}

export class Reflector<T extends KubeObject> {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #kind: KindDefinition<T>
  readonly #options: InformerOptions
  readonly #sink: ReflectorSink<T>
  readonly #random: RandomStream
  readonly #retryLabel: Label
  #resourceVersion = ''
  #attempts = 0
  #lastAttemptMs = 0
  #isStarted = false
  #isStopped = false
  #open: WatchHandle | undefined

  constructor(
    scope: Scope,
    api: ApiPort,
    kind: KindDefinition<T>,
    options: InformerOptions,
    sink: ReflectorSink<T>,
  ) {
    this.#scope = scope
    this.#api = api
    this.#kind = kind
    this.#options = options
    this.#sink = sink
    this.#random = scope.sim.random(`reflector/${scope.name}/${kind.plural}`)
    this.#retryLabel = scope.sim.label('reflector/retry')
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.#list('0')
  }

  /** Ends for good: nothing is asked or told any more. */
  stop(): void {
    this.#isStopped = true
    this.#open?.stop()
  }

  /** `resourceVersion` 0 takes any version the server has at hand; '' insists on the newest. */
  #list(resourceVersion: string): void {
    const request = requestFor('list', this.#kind, this.#options.namespace ?? '', '', {
      options: { ...this.#selectors(), resourceVersion },
    })
    this.#api.request(request, (result: ApiResult<KubeList<T>>) => {
      if (!this.#scope.isAlive || this.#isStopped) return
      if (!result.ok) {
        this.#retry(() => this.#list(resourceVersion))
        return
      }
      this.#resourceVersion = result.object.metadata.resourceVersion
      this.#sink.replace(result.object.items, this.#scope.sim.cause, () => this.#watch())
    })
  }

  #watch(): void {
    const request = requestFor('watch', this.#kind, this.#options.namespace ?? '', '', {
      options: { ...this.#selectors(), resourceVersion: this.#resourceVersion, allowWatchBookmarks: true },
    })
    let hasDelivered = false
    if (this.#isStopped) return
    this.#open = this.#api.watch(request, {
      deliver: events => {
        hasDelivered = true
        this.#resourceVersion = events.at(-1)!.object.metadata.resourceVersion
        this.#sink.deliver(events)
      },
      closed: status => this.#closed(status, hasDelivered),
    })
  }

  #closed(status: Status | undefined, hasDelivered: boolean): void {
    if (!this.#scope.isAlive || this.#isStopped) return
    if (status?.code === 410) {
      this.#retry(() => this.#list(''))
      return
    }
    // A stream that worked and simply ended is resumed at once, as upstream does.
    if (hasDelivered && !status) {
      this.#watch()
      return
    }
    this.#retry(() => this.#watch())
  }

  #retry(act: () => void): void {
    const { sim } = this.#scope
    if (sim.now - this.#lastAttemptMs > CLIENT.reflectorBackoffResetMs) this.#attempts = 0
    this.#lastAttemptMs = sim.now
    const base = Math.min(CLIENT.reflectorBackoffMaxMs, CLIENT.reflectorBackoffMs * 2 ** this.#attempts)
    this.#attempts = Math.min(this.#attempts + 1, 16)
    const delayMs = Math.round(base * (1 + this.#random.float()))
    this.#scope.schedule(delayMs, this.#retryLabel, () => this.#isStopped || act(), undefined)
  }

  #selectors(): { fieldSelector?: string; labelSelector?: string } {
    const { fieldSelector, labelSelector } = this.#options
    return { ...(fieldSelector && { fieldSelector }), ...(labelSelector && { labelSelector }) }
  }
}
