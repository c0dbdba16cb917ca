/**
 * kube-proxy on every node: follows Services and EndpointSlices and applies what follows from them to the node's
 * iptables, at most once a second (minSyncPeriod). The proxies of all nodes share one watch and one history of
 * snapshots; a node's rules are those of the newest snapshot that had reached it, found when somebody looks, so
 * that a change costs the same for three nodes as for a thousand. A node that is cut off keeps what it had.
 */
import { type EndpointSlice, EndpointSlices, NAMES, type Service, Services } from '../api/index.ts'
import type { Informer, Informers } from '../client/index.ts'
import { hash32, hashName, type Label, LIMITS, type Scope } from '../sim/index.ts'
import { RuleSet, type ServiceSnapshot } from './iptables/rule-set.ts'
import type { ServiceState } from './iptables/service-chains.ts'
import type { RecentClients } from './iptables/walk.ts'

/** `--iptables-min-sync-period`. */
const MIN_SYNC_MS = 1000
/** How long iptables-restore takes on a node, at the most. */
const MAX_APPLY_MS = 40

interface NodeProxy {
  /** While the node is cut off or its proxy is down: nothing newer than this reaches it. */
  frozenSinceMs: number | undefined
  /** Snapshots made before this moment and after `frozenSinceMs` reached it only then. */
  thawedAtMs: number
  frozenWasMs: number
  readonly recent: RecentClients
  applied: RuleSet | undefined
}

interface Sync {
  readonly snapshot: ServiceSnapshot
  readonly atMs: number
}

const EMPTY: ServiceSnapshot = { revision: 0, services: new Map() }

export class ServiceProxy {
  readonly #scope: Scope
  readonly #services: Informer<Service>
  readonly #slices: Informer<EndpointSlice>
  readonly #clusterCidr: string
  readonly #label: Label
  readonly #nodes = new Map<string, NodeProxy>()
  readonly #states = new Map<string, ServiceState>()
  readonly #slicesByService = new Map<string, Map<string, EndpointSlice>>()
  readonly #dirty = new Set<string>()
  #history: Sync[] = [{ snapshot: EMPTY, atMs: Number.NEGATIVE_INFINITY }]
  #isScheduled = false
  #lastSyncMs = Number.NEGATIVE_INFINITY

  constructor(scope: Scope, options: { informers: Informers; clusterCidr: string }) {
    this.#scope = scope
    this.#clusterCidr = options.clusterCidr
    this.#label = scope.sim.label('kube-proxy/sync')
    this.#services = options.informers.of(Services)
    this.#slices = options.informers.of(EndpointSlices)
  }

  start(): void {
    this.#services.addHandler({
      added: service => this.#changed(keyOf(service)),
      updated: service => this.#changed(keyOf(service)),
      deleted: service => this.#changed(keyOf(service)),
    })
    this.#slices.addHandler({
      added: slice => this.#sliceChanged(slice, slice),
      updated: slice => this.#sliceChanged(slice, slice),
      deleted: slice => this.#sliceChanged(slice, undefined),
    })
  }

  /** Every Service as the proxies know it, whether or not their nodes have the rules yet. */
  get newest(): ServiceSnapshot {
    return this.#history.at(-1)!.snapshot
  }

  /** When {@link newest} was made, in ms since the Unix epoch. */
  get changedAtMs(): number {
    return Math.max(0, this.#history.at(-1)!.atMs)
  }

  /** The rules that `node` has now. */
  rules(node: string): RuleSet {
    const proxy = this.#node(node)
    const { snapshot } = this.#reached(node, proxy)
    if (proxy.applied?.snapshot !== snapshot) {
      proxy.applied = new RuleSet(snapshot, node, this.#clusterCidr)
    }
    return proxy.applied
  }

  /** Which clients were sent where lately, on `node`. */
  recentClients(node: string): RecentClients {
    return this.#node(node).recent
  }

  /** From now on nothing new reaches the node's proxy. */
  freeze(node: string): void {
    this.#node(node).frozenSinceMs ??= this.#scope.sim.now
  }

  /** The node's proxy catches up. */
  thaw(node: string): void {
    const proxy = this.#node(node)
    if (proxy.frozenSinceMs === undefined) return
    proxy.frozenWasMs = proxy.frozenSinceMs
    proxy.thawedAtMs = this.#scope.sim.now
    proxy.frozenSinceMs = undefined
  }

  #node(name: string): NodeProxy {
    let proxy = this.#nodes.get(name)
    if (!proxy) {
      proxy = {
        frozenSinceMs: undefined,
        thawedAtMs: Number.NEGATIVE_INFINITY,
        frozenWasMs: Number.NEGATIVE_INFINITY,
        recent: new Map(),
        applied: undefined,
      }
      this.#nodes.set(name, proxy)
    }
    return proxy
  }

  /** The newest sync that has reached the node by now. */
  #reached(name: string, proxy: NodeProxy): Sync {
    const { now, seed } = this.#scope.sim
    for (let i = this.#history.length - 1; i > 0; i--) {
      const sync = this.#history[i]!
      let atMs = sync.atMs + (hash32(seed, hashName(name), sync.snapshot.revision) % MAX_APPLY_MS)
      if (atMs > proxy.frozenWasMs && atMs < proxy.thawedAtMs) atMs = proxy.thawedAtMs
      if (atMs <= (proxy.frozenSinceMs ?? now)) return sync
    }
    return this.#history[0]!
  }

  #sliceChanged(slice: EndpointSlice, present: EndpointSlice | undefined): void {
    const service = slice.metadata.labels?.[NAMES.serviceNameLabel]
    if (!service) return
    const key = `${slice.metadata.namespace}/${service}`
    let slices = this.#slicesByService.get(key)
    if (!slices) {
      slices = new Map()
      this.#slicesByService.set(key, slices)
    }
    if (present) slices.set(slice.metadata.name, present)
    else slices.delete(slice.metadata.name)
    if (slices.size === 0) this.#slicesByService.delete(key)
    this.#changed(key)
  }

  #changed(key: string): void {
    this.#dirty.add(key)
    if (this.#isScheduled) return
    this.#isScheduled = true
    const { now } = this.#scope.sim
    const delayMs = Math.max(0, this.#lastSyncMs + MIN_SYNC_MS - now)
    this.#scope.schedule(delayMs, this.#label, self => self.#sync(), this)
  }

  #sync(): void {
    this.#isScheduled = false
    this.#lastSyncMs = this.#scope.sim.now
    for (const key of this.#dirty) {
      const slash = key.indexOf('/')
      const service = this.#services.get(key.slice(0, slash), key.slice(slash + 1))
      if (!service) {
        this.#states.delete(key)
        continue
      }
      const byName = this.#slicesByService.get(key)
      const slices = byName ? [...byName.keys()].sort().map(name => byName.get(name)!) : []
      this.#states.set(key, Object.freeze({ service, slices }))
    }
    this.#dirty.clear()
    const revision = this.#history.at(-1)!.snapshot.revision + 1
    this.#history.push({ snapshot: { revision, services: new Map(this.#states) }, atMs: this.#lastSyncMs })
    if (this.#history.length > LIMITS.proxySnapshots) this.#forgetOldest()
    this.#scope.sim.markChanged()
  }

  /** Drops the oldest snapshot that no frozen node still uses. */
  #forgetOldest(): void {
    const used = new Set<Sync>()
    for (const [name, proxy] of this.#nodes) {
      if (proxy.frozenSinceMs !== undefined) used.add(this.#reached(name, proxy))
    }
    const oldest = this.#history.findIndex((sync, i) => i > 0 && !used.has(sync))
    if (oldest > 0 && oldest < this.#history.length - 2) this.#history.splice(oldest, 1)
  }
}

function keyOf(service: Service): string {
  return `${service.metadata.namespace}/${service.metadata.name}`
}
