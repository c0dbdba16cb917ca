/**
 * Follows a cluster for the screen without touching it: hears of every commit in etcd, keeps the rows that follow
 * from it, and does work only for what changed. Nothing here is an event of the simulation.
 */
import {
  type AnyKind,
  type Event,
  Events,
  type KubeObject,
  type Node,
  Nodes,
  type Pod,
  Pods,
} from '../../api/index.ts'
import { registryPrefix } from '../../client/index.ts'
import type { Cluster } from '../../cluster/index.ts'
import { prefixEnd } from '../../etcd/index.ts'
import { assert } from '../../sim/index.ts'
import { type EventView, viewEvent } from './event-view.ts'
import { type NodeView, viewNode } from './node-view.ts'
import { looksSame, type PodView, viewPod } from './pod-view.ts'

/** Events kept to be looked at. */
const KEPT_EVENTS = 300
/** How long news is coloured as news, real ms. */
const FLASH_MS = 1500

type Store = Cluster['world']['controlPlane']['store']

/** The pods of one node, or those of none. */
interface Group {
  readonly pods: Map<string, PodView>
  node: Node | undefined
  isUp: boolean
  view: NodeView | undefined
}

export class ClusterFeed {
  readonly #cluster: Cluster
  #store: Store | undefined
  #unwatch: (() => void)[] = []
  /** What was committed since the last refresh; undefined for deletions. */
  readonly #pods = new Map<string, Pod | undefined>()
  readonly #nodes = new Map<string, Node | undefined>()
  #news: EventView[] = []
  readonly #groups = new Map<string, Group>()
  readonly #homes = new Map<string, Group>()
  readonly #unscheduled: Group = { pods: new Map(), node: undefined, isUp: true, view: undefined }
  readonly #dirty = new Set<Group>()
  readonly #flashing = new Map<string, number>()
  #nodeViews: readonly NodeView[] = []
  #waiting: readonly PodView[] = []
  #events: readonly EventView[] = []
  #nodesReady = 0
  #podsTotal = 0
  #podsReady = 0

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#attach()
    this.refresh(Number.NEGATIVE_INFINITY)
    this.#flashing.clear()
  }

  /** Nodes in natural order of their names; the same array until something changes. */
  get nodes(): readonly NodeView[] {
    return this.#nodeViews
  }

  get nodesReady(): number {
    return this.#nodesReady
  }

  /** Pods that no node has yet. */
  get unscheduled(): readonly PodView[] {
    return this.#waiting
  }

  /** The latest Events, latest last. */
  get events(): readonly EventView[] {
    return this.#events
  }

  /** Pods that could be ready: those that have not run to their end. */
  get podsTotal(): number {
    return this.#podsTotal
  }

  get podsReady(): number {
    return this.#podsReady
  }

  /** True when something was committed that {@link refresh} has not taken in. */
  get hasNews(): boolean {
    return this.#pods.size > 0 || this.#news.length > 0 || this.#nodes.size > 0
  }

  /** Takes in what happened since. `realMs` is the wall clock's, for how long news stays news. */
  refresh(realMs: number): void {
    if (this.#cluster.world.controlPlane.store !== this.#store) this.#attach()
    this.#takeNodes()
    for (const [key, pod] of this.#pods) this.#takePod(key, pod, realMs)
    this.#pods.clear()
    this.#fadeFlashes(realMs)
    this.#takeEvents()
    this.#lookAtPower()
    this.#redraw()
  }

  /** etcd lost its process, or time went back: look at everything once, then follow the new store. */
  #attach(): void {
    for (const end of this.#unwatch) end()
    const { world } = this.#cluster
    const { store } = world.controlPlane
    this.#store = store
    this.#pods.clear()
    this.#nodes.clear()
    for (const key of this.#homes.keys()) this.#pods.set(key, undefined)
    for (const name of this.#groups.keys()) this.#nodes.set(name, undefined)
    for (const node of world.observer.list(Nodes) as Node[]) this.#nodes.set(node.metadata.name, node)
    const pods = world.observer.list(Pods) as Pod[]
    pods.sort((a, b) => compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp))
    for (const pod of pods) this.#pods.set(podKey(pod), pod)
    const { now } = world.sim
    const past = (world.observer.list(Events) as Event[]).map(event =>
      viewEvent(eventKey(event), event, Date.parse(event.lastTimestamp ?? event.eventTime ?? '') || now),
    )
    past.sort((a, b) => a.atMs - b.atMs)
    this.#events = []
    this.#news = past.slice(-KEPT_EVENTS)
    this.#unwatch = [
      this.#watch(Nodes, (key, node) => this.#nodes.set(key.slice(NODE_PREFIX.length), node as Node)),
      this.#watch(Pods, (key, pod) => this.#pods.set(key, pod as Pod)),
      this.#watch(Events, (key, event) => {
        if (event) this.#hear(viewEvent(key, event as Event, this.#cluster.sim.now))
      }),
    ]
  }

  #watch(kind: AnyKind, receive: (key: string, object: KubeObject | undefined) => void): () => void {
    const key = registryPrefix(kind)
    const result = this.#store!.watch({ key, rangeEnd: prefixEnd(key) }, {}, ({ type, kv }) =>
      receive(kv.key, type === 'PUT' ? kv.value : undefined),
    )
    assert(result.ok, 'a watch from now on begins')
    return result.response
  }

  #hear(event: EventView): void {
    this.#news.push(event)
    if (this.#news.length > 2 * KEPT_EVENTS) this.#news = this.#news.slice(-KEPT_EVENTS)
  }

  #takeNodes(): void {
    for (const [name, node] of this.#nodes) {
      const group = this.#group(name)
      if (group.node === node) continue
      group.node = node
      this.#dirty.add(group)
    }
    this.#nodes.clear()
  }

  #takePod(key: string, pod: Pod | undefined, realMs: number): void {
    const oldGroup = this.#homes.get(key)
    const old = oldGroup?.pods.get(key)
    const view = pod && viewPod(key, pod, this.#cluster.sim.now)
    if (old && view && looksSame(old, view)) return
    if (old) this.#count(old, -1)
    const group = view && (view.nodeName === undefined ? this.#unscheduled : this.#group(view.nodeName))
    if (oldGroup && oldGroup !== group) {
      oldGroup.pods.delete(key)
      this.#dirty.add(oldGroup)
    }
    if (!view || !group) {
      this.#homes.delete(key)
      this.#flashing.delete(key)
      return
    }
    const isNews = realMs !== Number.NEGATIVE_INFINITY
    const flash = isNews ? (old ? 'modified' : 'added') : undefined
    if (isNews) this.#flashing.set(key, realMs + FLASH_MS)
    group.pods.set(key, { ...view, flash })
    this.#homes.set(key, group)
    this.#dirty.add(group)
    this.#count(view, 1)
  }

  #count(pod: PodView, sign: 1 | -1): void {
    if (pod.isOver) return
    this.#podsTotal += sign
    if (pod.isReady) this.#podsReady += sign
  }

  #fadeFlashes(realMs: number): void {
    for (const [key, untilMs] of this.#flashing) {
      // Set in order of time, save for those that changed again.
      if (untilMs > realMs) continue
      this.#flashing.delete(key)
      const group = this.#homes.get(key)!
      group.pods.set(key, { ...group.pods.get(key)!, flash: undefined })
      this.#dirty.add(group)
    }
  }

  /** Repeated Events move to the end with their new count, as `kubectl get events` sorted by time has them. */
  #takeEvents(): void {
    if (this.#news.length === 0) return
    const latest = new Map<string, EventView>()
    for (const event of [...this.#events, ...this.#news]) {
      latest.delete(event.key)
      latest.set(event.key, event)
    }
    this.#events = [...latest.values()].slice(-KEPT_EVENTS)
    this.#news = []
  }

  #lookAtPower(): void {
    for (const [name, group] of this.#groups) {
      const isUp = this.#cluster.world.machine(name)?.isUp ?? true
      if (isUp === group.isUp) continue
      group.isUp = isUp
      this.#dirty.add(group)
    }
  }

  #redraw(): void {
    if (this.#dirty.size === 0) return
    if (this.#dirty.delete(this.#unscheduled)) this.#waiting = [...this.#unscheduled.pods.values()]
    if (this.#dirty.size === 0) return
    const views: NodeView[] = []
    for (const [name, group] of this.#groups) {
      const { node, isUp, pods } = group
      if (!node && pods.size === 0) {
        this.#groups.delete(name)
        continue
      }
      if (this.#dirty.has(group) || !group.view) group.view = viewNode(name, node, isUp, [...pods.values()])
      views.push(group.view)
    }
    this.#dirty.clear()
    this.#nodeViews = views.sort((a, b) => natural.compare(a.name, b.name))
    this.#nodesReady = views.filter(node => node.isReady).length
  }

  #group(name: string): Group {
    let group = this.#groups.get(name)
    if (!group) {
      group = { pods: new Map(), node: undefined, isUp: true, view: undefined }
      this.#groups.set(name, group)
    }
    return group
  }
}

const natural = new Intl.Collator('en', { numeric: true })
const NODE_PREFIX = registryPrefix(Nodes)

function podKey({ metadata }: Pod): string {
  return `${registryPrefix(Pods)}${metadata.namespace}/${metadata.name}`
}

function eventKey({ metadata }: Event): string {
  return `${registryPrefix(Events)}${metadata.namespace}/${metadata.name}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
