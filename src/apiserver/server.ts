/**
 * The API server: the only one who talks to etcd, the door everyone else knocks on. A request goes through a list
 * of small steps (who, may they, how many at once), then to the handler of its verb. Mirrors kube-apiserver; the
 * core names no kind, everything special about one is in its definition or in an admission plugin.
 */
import {
  API_SERVER,
  ApiError,
  type KindDefinition,
  type KubeObject,
  Nodes,
  newUid,
  type Pod,
  type Scheme,
  ServiceAccounts,
  type Status,
  type StrategyContext,
  statuses,
} from '../api/index.ts'
import type {
  ApiRequest,
  ApiResult,
  ApiServerPort,
  UserInfo,
  Verb,
  WatchHandle,
  WatchSink,
} from '../client/index.ts'
import type { EtcdPort } from '../etcd/index.ts'
import { RandomStream, type Routine, type Scope } from '../sim/index.ts'
import type { Access } from './access.ts'
import { ADMISSION_PLUGINS, UNGUARDED_PLUGINS } from './admission/index.ts'
import type { AdmissionPlugin } from './admission/plugin.ts'
import { AdmissionChain } from './admission-chain.ts'
import { Allocators } from './allocators.ts'
import { type Impersonated, type ImpersonationTarget, impersonate } from './authentication/impersonation.ts'
import { boundToPod, serviceAccountClaims } from './authentication/service-account-claims.ts'
import { PORTABLE_SIGNER, type TokenSigner } from './authentication/token-signer.ts'
import { TokenAuthenticator } from './authentication/tokens.ts'
import { type AccessAttributes, ALWAYS_ALLOW, forbiddenStatus } from './authorization/authorizer.ts'
import { expressionAuthorizer } from './authorization/expression-authorizer.ts'
import { NodeAndRbac } from './authorization/node-and-rbac.ts'
import { bootstrap } from './bootstrap.ts'
import { Cacher } from './cacher.ts'
import { startCompactor } from './compactor.ts'
import { type Call, type Core, refusal } from './core.ts'
import { Counters } from './counters.ts'
import { createObject } from './create.ts'
import { Conversions } from './customresources/conversions.ts'
import { CustomResources } from './customresources/index.ts'
import { convertingSink } from './customresources/watches.ts'
import { deleteCollection, deleteObject } from './delete.ts'
import { FieldTracking, type TrackingMode } from './field-tracking.ts'
import { type Flight, Flights } from './flights.ts'
import { keepKubernetes } from './kubernetes-service.ts'
import { LeasePool } from './lease-pool.ts'
import { checkWatchOptions, getObject, listObjects, reachVersion } from './list.ts'
import { type Gate, refuseAtGate } from './pipeline.ts'
import { NO_METRICS, type ResourceMetrics } from './resource-metrics.ts'
import { changeScale } from './scale.ts'
import { callFor, inServedTerms, servedSink } from './served.ts'
import { Store } from './store.ts'
import { performAction } from './subresources.ts'
import { patchObject, updateObject } from './update.ts'
import { redirected } from './virtual/binding.ts'
import { answerVirtual } from './virtual/index.ts'
import { type OpenWatch, Watches } from './watch.ts'
import type { WatchCache } from './watch-cache.ts'
import { NO_WEBHOOKS, type WebhookPort } from './webhook-port.ts'

export interface ApiServerOptions {
  readonly scheme: Scheme
  readonly etcd: EtcdPort<KubeObject>
  /** Signs service account tokens; {@link PORTABLE_SIGNER} unless given. */
  readonly tokenSigner?: TokenSigner
  /** `--authorization-mode`: AlwaysAllow unless given; RBAC stands for kubeadm's Node,RBAC. */
  readonly authorization?: 'AlwaysAllow' | 'RBAC'
  /** Upstream's unless given; without NodeRestriction where everybody may do everything. */
  readonly admissionPlugins?: readonly AdmissionPlugin[]
  /** The way to webhooks; none unless given: then calls fail as their failurePolicy says. */
  readonly webhooks?: WebhookPort
  /** What metrics.k8s.io is answered from; nothing unless given. */
  readonly metrics?: ResourceMetrics
  /** `--service-cluster-ip-range`; 10.96.0.0/12 unless given. */
  readonly serviceCidr?: string
  /** Whose writes show up in metadata.managedFields; `requested` unless given. */
  readonly managedFields?: TrackingMode
  /** Where clients inside the cluster find this server: the endpoint of the `kubernetes` Service, port 6443. */
  readonly advertiseAddress?: string
}

/** What a pod's token is to be: see `podToken`. */
export interface PodTokenOrder {
  /** The server's own unless given. */
  readonly audience: string | undefined
  readonly seconds: number
  readonly issuedMs: number
}

export class ApiServer implements ApiServerPort {
  readonly counters = new Counters()
  readonly tokenSigner: TokenSigner
  readonly #scope: Scope
  readonly #core: Core
  readonly #gate: Gate
  readonly #options: ApiServerOptions
  readonly #watches: Watches
  readonly #flights: Flights

  constructor(scope: Scope, options: ApiServerOptions) {
    const { sim } = scope
    this.#scope = scope
    this.#options = options
    const store = new Store(options.etcd, this.counters)
    const allocators = new Allocators(
      sim.random('apiserver/allocators'),
      options.serviceCidr ?? API_SERVER.serviceCidr,
    )
    const context: StrategyContext = {
      get nowMs() {
        return sim.now
      },
      get timestamp() {
        return sim.timestamp()
      },
      random: sim.random('apiserver/strategies'),
      allocator: name => allocators.get(name),
    }
    const cacher = new Cacher(scope, options.scheme, options.etcd, store, cache => {
      const objects = cache.list('').map(entry => entry.object)
      allocators.adopt(cache.kind, objects, context)
    })
    const authorizer =
      options.authorization === 'RBAC' ? new NodeAndRbac(kind => cacher.known(kind)) : ALWAYS_ALLOW
    const memories = new Map<string, WeakMap<object, unknown>>()
    const usual = options.authorization === 'RBAC' ? ADMISSION_PLUGINS : UNGUARDED_PLUGINS
    const admission = new AdmissionChain(options.admissionPlugins ?? usual, {
      get: (kind, namespace, name) => this.read(kind, namespace, name),
      list: (kind, namespace) => this.readAll(kind, namespace),
      kindOf: (apiVersion, kind) => options.scheme.byKind(apiVersion, kind),
      hasAny: kind => (cacher.known(kind)?.size ?? 0) > 0,
      random: sim.random('apiserver/admission'),
      authorizer,
      authorizerFor: user => expressionAuthorizer(authorizer, user),
      memory(plugin) {
        let memory = memories.get(plugin)
        if (!memory) {
          memory = new WeakMap()
          memories.set(plugin, memory)
        }
        return memory
      },
    })
    this.tokenSigner = options.tokenSigner ?? PORTABLE_SIGNER
    const authenticator = new TokenAuthenticator(this.tokenSigner, {
      nowMs: () => sim.now,
      get: (kind, namespace, name) => this.read(kind, namespace, name),
    })
    const access: Access = { authorizer, authenticator }
    this.#gate = { authorizer: access.authorizer, counters: this.counters }
    const webhooks = options.webhooks ?? NO_WEBHOOKS
    const uids = sim.random('apiserver/uids')
    const conversions = new Conversions({ webhooks, cacher, uids })
    const tracking = options.managedFields ?? 'requested'
    this.#core = {
      scope,
      store,
      cacher,
      admission,
      webhooks,
      conversions,
      access,
      allocators,
      tracking: new FieldTracking(tracking, options.scheme, context, conversions),
      metrics: options.metrics ?? NO_METRICS,
      leases: new LeasePool(scope, store),
      counters: this.counters,
      context,
      uids,
      names: sim.random('apiserver/names'),
      watchTimes: sim.random('apiserver/watches'),
      labels: {
        request: sim.label('apiserver/request'),
        freshness: sim.label('apiserver/freshness'),
        bookmark: sim.label('apiserver/bookmark'),
        watchTimeout: sim.label('apiserver/watch-timeout'),
        requestTimeout: sim.label('apiserver/request-timeout'),
        compact: sim.label('apiserver/compact'),
      },
    }
    this.#watches = new Watches(this.#core)
    this.#flights = new Flights(scope, this.#core.labels.requestTimeout)
  }

  /** Reads etcd, begins to follow it, and makes what every cluster has. Requests that come before wait. */
  start(): void {
    const { cacher, store, labels } = this.#core
    cacher.start()
    this.#scope.spawn(labels.request, bootstrap(this.#core, this, this.#options))
    if (this.#options.authorization === 'RBAC') {
      keepKubernetes(this.#scope, this, this.#options, labels.request)
    }
    new CustomResources(this.#scope, { scheme: this.#options.scheme, cacher, server: this }).start()
    startCompactor(this.#scope, {
      etcd: this.#options.etcd,
      revision: () => store.revision,
      label: labels.compact,
    })
  }

  /** True when the caches are filled: upstream's /readyz. */
  get isReady(): boolean {
    return this.#core.cacher.isReady
  }

  /** The etcd revision that reads show. */
  get revision(): number {
    return this.#core.cacher.revision
  }

  /** The 403 of a request that is no {@link ApiRequest}: for non-resource URLs, and before a stream is opened. */
  authorize(user: UserInfo, attributes: AccessAttributes): Status | undefined {
    const { verdict, reason } = this.#core.access.authorizer.decide(user, attributes)
    return verdict === 'allow' ? undefined : forbiddenStatus(user, attributes, reason)
  }

  /** Whether somebody wants to be asked before a pod, service or node is connected to: by a request on its subresource. */
  admitsConnections(resource: string, subresource: string): boolean {
    const kind = this.#options.scheme.byResource('v1', resource)
    return kind !== undefined && this.#core.admission.handles(kind, 'CONNECT', subresource)
  }

  /** Whose a bearer token is; undefined for one that is not good here and now. */
  authenticateToken(token: string): UserInfo | undefined {
    const { authenticator } = this.#core.access
    const found = authenticator.authenticate(token, authenticator.apiAudiences)
    return found && 'user' in found ? found.user : undefined
  }

  /**
   * A token that the kubelet of a pod has got for it: the same whenever it is asked for, and without a trace, as nothing
   * is stored of it. Undefined while its account is not there.
   */
  podToken(pod: Pod, order: PodTokenOrder): string | undefined {
    const { authenticator } = this.#core.access
    const { serviceAccountName = '', nodeName = '' } = pod.spec
    const account = this.read(ServiceAccounts, pod.metadata.namespace ?? '', serviceAccountName)
    if (!account) return undefined
    const { apiAudiences } = authenticator
    const { audience, seconds, issuedMs } = order
    const named = `${pod.metadata.uid}/${audience ?? ''}/${seconds}/${issuedMs}`
    return authenticator.issue(
      serviceAccountClaims({
        account,
        bound: boundToPod(pod, this.read(Nodes, '', nodeName)),
        audiences: audience ? [audience] : apiAudiences,
        apiAudiences,
        seconds,
        issuedMs,
        id: newUid(new RandomStream(this.#scope.sim.seed, named)),
      }),
    )
  }

  /** Who a user is that asks to be taken for another, or why not. */
  authorizeImpersonation(user: UserInfo, target: ImpersonationTarget): Impersonated {
    return impersonate(this.#core.access.authorizer, user, target)
  }

  /** An object as the server's cache has it, without a request: for tests, invariants and the cluster's own use. */
  read<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined {
    return this.#core.cacher.known(kind)?.get(namespace, name)?.object as T | undefined
  }

  /** Every object of a kind in key order, likewise. */
  readAll<T extends KubeObject>(kind: KindDefinition<T>, namespace = ''): T[] {
    const entries = this.#core.cacher.known(kind)?.list(namespace) ?? []
    return entries.map(entry => entry.object as T)
  }

  /** How often anything of a kind has changed: whoever remembers what they read of it compares. */
  changesOf<T extends KubeObject>(kind: KindDefinition<T>): number {
    return this.#core.cacher.known(kind)?.changes ?? 0
  }

  /** How many objects of a resource there are, in all namespaces. */
  countOf(apiVersion: string, plural: string): number {
    const kind = this.#options.scheme.byResource(apiVersion, plural)
    return (kind && this.#core.cacher.known(kind)?.size) ?? 0
  }

  /**
   * `reply` may be called before this returns, when no waiting was needed; never when the server dies first.
   */
  request(user: UserInfo, request: ApiRequest, reply: (result: ApiResult<never>) => void): void {
    if (!this.#scope.isAlive) return
    const { counters } = this
    counters.begin(request)
    counters.inFlight++
    if (counters.inFlight > counters.mostInFlight) counters.mostInFlight = counters.inFlight
    let flight: Flight | undefined
    const answer = (result: ApiResult) => {
      if (flight) this.#flights.remove(flight)
      counters.inFlight--
      if (!result.ok && result.status.reason === 'Conflict') counters.conflicts++
      reply(inServedTerms({ request }, result) as ApiResult<never>)
    }
    const call = callFor(user, request)
    const recover = (error: unknown) => refusalFor(call, error)
    let routine: Routine<ApiResult> | ApiResult
    try {
      routine = this.#serve(call)
    } catch (error) {
      routine = recover(error)
    }
    if ('ok' in routine) {
      answer(routine)
      return
    }
    const process = this.#scope.spawn(
      this.#core.labels.request,
      routine,
      answer,
      this.#scope.sim.cause,
      recover,
    )
    if (!process.isEnded) flight = this.#flights.add(process, answer)
  }

  watch(user: UserInfo, request: ApiRequest, sink: WatchSink): WatchHandle {
    this.counters.begin(request)
    const opening: Opening = { open: undefined, isStopped: false }
    this.#scope.spawn(this.#core.labels.request, this.#openWatch(user, request, sink, opening))
    return {
      stop: () => {
        opening.isStopped = true
        if (opening.open) this.#watches.stop(opening.open)
      },
    }
  }

  /** The answer, or the story that leads to it: most requests have waited for nothing when their handler begins. */
  #serve(call: Call): Routine<ApiResult> | ApiResult {
    const refused = refuseAtGate(call, this.#gate)
    if (refused) return refusal(refused)
    const { request } = call
    const { cacher } = this.#core
    const cache = cacher.isReady && !request.kind.isVirtual ? cacher.known(request.kind) : undefined
    return cache ? this.#handle(call, cache) : this.#serveLater(call)
  }

  *#serveLater(call: Call): Routine<ApiResult> {
    const { cacher } = this.#core
    const { request } = call
    if (!cacher.isReady) yield* cacher.reach(0)
    const asked = request.kind.isVirtual ? redirected(call) : call
    if (!asked) return answerVirtual(this.#core, call)
    return yield* this.#handle(asked, yield* cacher.cacheOf(asked.request.kind))
  }

  #handle(call: Call, cache: WatchCache): Routine<ApiResult> {
    const { verb, subresource, kind } = call.request
    const core = this.#core
    if (subresource !== '' && subresource !== 'status' && subresource !== 'scale') {
      return performAction(core, call, cache)
    }
    const handler = (subresource === '' ? HANDLERS : SUBRESOURCE_HANDLERS)[verb]
    if (!handler) throw new ApiError(statuses.methodNotAllowed(kind, verb))
    return subresource === 'scale' && verb !== 'get'
      ? changeScale(core, call, cache)
      : handler(core, call, cache)
  }

  /** What a watch of that kind delivers to: a sink that speaks the version that was asked. */
  #sinkFor(request: ApiRequest, sink: WatchSink, opening: Opening): WatchSink {
    if (!request.kind.conversion) return servedSink(request, sink)
    return convertingSink(this.#core, request.kind, sink, opening, () => {
      opening.isStopped = true
      if (opening.open) this.#watches.stop(opening.open)
    })
  }

  *#openWatch(user: UserInfo, request: ApiRequest, sink: WatchSink, opening: Opening): Routine<void> {
    const call = callFor(user, request)
    const { cacher } = this.#core
    try {
      const refused = refuseAtGate(call, this.#gate)
      if (refused) throw new ApiError(refused)
      if (!cacher.isReady) yield* cacher.reach(0)
      const cache = cacher.known(request.kind) ?? (yield* cacher.cacheOf(request.kind))
      checkWatchOptions(request.options)
      if (request.options.sendInitialEvents) {
        yield* reachVersion(this.#core, cache, request.options.resourceVersion)
      }
      if (opening.isStopped) return
      opening.open = this.#watches.open(cache, call, this.#sinkFor(request, sink, opening))
      if (opening.isStopped) this.#watches.stop(opening.open)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!opening.isStopped) sink.closed(error.status)
    }
  }
}

/** A request that was thrown out, as its answer. Throws on what is our own fault. */
function refusalFor({ request, warnings }: Call, error: unknown): ApiResult {
  if (error instanceof ApiError) return refusal(error.status, warnings)
  // As upstream recovers from panics: whatever a stranger sends must not end the server.
  if (request.isFromWire && error instanceof Error && error.name !== 'Bug') {
    return refusal(statuses.internalError(`panic: ${error.message}`), warnings)
  }
  throw error
}

interface Opening {
  open: OpenWatch | undefined
  isStopped: boolean
}

type Handler = (core: Core, call: Call, cache: WatchCache) => Routine<ApiResult>

/** A watch is not among them: it is opened by `watch`, not asked for by `request`. */
const HANDLERS: Partial<Record<Verb, Handler>> = {
  get: getObject,
  list: listObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteCollection,
}

/** What `status` and `scale` can be asked. */
const SUBRESOURCE_HANDLERS: Partial<Record<Verb, Handler>> = {
  get: getObject,
  update: updateObject,
  patch: patchObject,
}
