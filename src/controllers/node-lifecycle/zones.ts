/**
 * How fast nodes of a zone may be emptied: one after another, more slowly where many fail at once, not at all when
 * everything is dark (then it is the control plane that is cut off). Mirrors node lifecycle's zone states and
 * `RateLimitedTimedQueue`.
 */
import { NODE_LIFECYCLE } from '../../api/index.ts'
import { TokenBucket } from '../../client/index.ts'
import type { Label, Scope, Timer } from '../../sim/index.ts'

type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption'

interface Zone {
  readonly ready: Set<string>
  readonly notReady: Set<string>
  /** Nodes to be tainted, in the order in which they failed. */
  readonly waiting: Set<string>
  state: ZoneState
  /** Nodes a second; 0 stops. */
  rate: number
  bucket: TokenBucket | undefined
  timer: Timer | undefined
}

export class Zones {
  readonly #scope: Scope
  readonly #label: Label
  readonly #zones = new Map<string, Zone>()
  readonly #zoneOf = new Map<string, string>()
  readonly #onTurn: (nodeName: string) => void
  readonly #onDarkness: (isDark: boolean) => void
  #isDark = false

  /**
   * `onTurn` is told when it is a node's turn to be tainted with NoExecute, `onDarkness` when every node of every
   * zone has failed, and when that is over.
   */
  constructor(scope: Scope, onTurn: (nodeName: string) => void, onDarkness: (isDark: boolean) => void) {
    this.#scope = scope
    this.#label = scope.sim.label('node-lifecycle/eviction-turn')
    this.#onTurn = onTurn
    this.#onDarkness = onDarkness
  }

  /** No node anywhere is ready: nobody is evicted. */
  get isDark(): boolean {
    return this.#isDark
  }

  /** Says how a node is, and in which zone. */
  set(nodeName: string, zoneName: string, isReady: boolean): void {
    if (this.#zoneOf.get(nodeName) !== zoneName) this.remove(nodeName)
    this.#zoneOf.set(nodeName, zoneName)
    const zone = this.#zone(zoneName)
    const [to, from] = isReady ? [zone.ready, zone.notReady] : [zone.notReady, zone.ready]
    if (to.has(nodeName)) return
    from.delete(nodeName)
    to.add(nodeName)
    this.#judge()
  }

  remove(nodeName: string): void {
    const zone = this.#zones.get(this.#zoneOf.get(nodeName) ?? '')
    if (!zone || !this.#zoneOf.delete(nodeName)) return
    for (const set of [zone.ready, zone.notReady, zone.waiting]) set.delete(nodeName)
    this.#judge()
  }

  /** Asks for a node's turn. */
  wait(nodeName: string): void {
    const zone = this.#zones.get(this.#zoneOf.get(nodeName) ?? '')
    if (!zone || zone.waiting.has(nodeName)) return
    zone.waiting.add(nodeName)
    this.#serve(zone)
  }

  /** The node does not want its turn any more. */
  forget(nodeName: string): void {
    this.#zones.get(this.#zoneOf.get(nodeName) ?? '')?.waiting.delete(nodeName)
  }

  #zone(name: string): Zone {
    let zone = this.#zones.get(name)
    if (!zone) {
      const rate = NODE_LIFECYCLE.evictionsPerSecond
      zone = {
        ready: new Set(),
        notReady: new Set(),
        waiting: new Set(),
        state: 'Normal',
        rate,
        bucket: new TokenBucket(rate, 1),
        timer: undefined,
      }
      this.#zones.set(name, zone)
    }
    return zone
  }

  #judge(): void {
    const zones = [...this.#zones.values()].filter(zone => zone.ready.size + zone.notReady.size > 0)
    for (const zone of zones) zone.state = stateOf(zone.ready.size, zone.notReady.size)
    const isDark = zones.length > 0 && zones.every(zone => zone.state === 'FullDisruption')
    for (const zone of zones) this.#setRate(zone, isDark ? 0 : rateOf(zone))
    if (isDark === this.#isDark) return
    this.#isDark = isDark
    this.#onDarkness(isDark)
  }

  #setRate(zone: Zone, rate: number): void {
    if (zone.rate === rate) return
    zone.rate = rate
    zone.bucket = rate > 0 ? new TokenBucket(rate, 1) : undefined
    this.#scope.sim.cancel(zone.timer)
    zone.timer = undefined
    this.#serve(zone)
  }

  #serve(zone: Zone): void {
    if (zone.timer || !zone.bucket) return
    const { now } = this.#scope.sim
    for (const nodeName of zone.waiting) {
      if (!zone.bucket.take(now)) {
        zone.timer = this.#scope.schedule(zone.bucket.waitMs(now), this.#label, this.#serveLater, zone)
        return
      }
      zone.waiting.delete(nodeName)
      this.#onTurn(nodeName)
    }
  }

  readonly #serveLater = (zone: Zone): void => {
    zone.timer = undefined
    this.#serve(zone)
  }
}

function stateOf(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  const isMany = notReady > NODE_LIFECYCLE.unhealthyZoneMinimum
  const share = notReady / (ready + notReady)
  return isMany && share >= NODE_LIFECYCLE.unhealthyZoneThreshold ? 'PartialDisruption' : 'Normal'
}

function rateOf(zone: Zone): number {
  if (zone.state !== 'PartialDisruption') return NODE_LIFECYCLE.evictionsPerSecond
  const isLarge = zone.ready.size + zone.notReady.size > NODE_LIFECYCLE.largeClusterNodes
  return isLarge ? NODE_LIFECYCLE.secondaryEvictionsPerSecond : 0
}
