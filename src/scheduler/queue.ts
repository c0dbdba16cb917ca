/**
 * Pods waiting to be scheduled: ready ones in order, rejected ones until something happens that could help them,
 * retried ones after a back-off. Mirrors kube-scheduler 1.33's `backend/queue`, queueing hints and popping from
 * back-off (`SchedulerPopFromBackoffQ`) included: an idle scheduler does not let a pod sit its back-off out.
 *
 * Upstream's three goroutines are one timer here, armed for when the next flush has something to do.
 */
import { type Pod, SCHEDULER } from '../api/index.ts'
import type { Cause, Label, Scope, Subject, Timer } from '../sim/index.ts'
import { type ClusterEvent, podChanges } from './cluster-event.ts'
import type { Change, QueuedPod } from './framework.ts'
import { Heap, type HeapItem } from './heap.ts'
import { newPodInfo, type PodInfo } from './node-info.ts'
import type { Profile } from './profile.ts'

type Place = 'nowhere' | 'active' | 'backoff' | 'errorBackoff' | 'unschedulable' | 'inFlight'

/** A pod on its way through the queue; one record from its arrival until it is bound or gone. */
export interface QueueItem extends QueuedPod, HeapItem {
  info: PodInfo
  timestampMs: number
  /** How often it was tried. */
  attempts: number
  /** Aligned to a window; 0 until worked out after an attempt. */
  backoffExpirationMs: number
  /** Plugins that said no the last time; empty after an error. */
  rejectedBy: ReadonlySet<string>
  /** The PreEnqueue plugin that keeps it out, if any. */
  gatedBy: string | undefined
  place: Place
  /** Breaks ties of the active queue's order: first come, first served. */
  readonly sequence: number
  /** What made it ready: its own creation, or the event that woke it. */
  cause: Cause
  readonly subject: Subject
}

interface InFlightEvent {
  readonly event: ClusterEvent
  readonly change: Change
}

const NOBODY: ReadonlySet<string> = new Set()

export class SchedulingQueue {
  readonly #scope: Scope
  readonly #profile: Profile
  readonly #onReady: () => void
  readonly #flushLabel: Label
  readonly #items = new Map<string, QueueItem>()
  readonly #active: Heap<QueueItem>
  readonly #backoff: Heap<QueueItem>
  readonly #errorBackoff: Heap<QueueItem>
  /** In order of arrival there. */
  readonly #unschedulable = new Map<string, QueueItem>()
  /** What happened since each of these was popped. */
  readonly #inFlight = new Map<string, InFlightEvent[]>()
  readonly #startMs: number
  #sequence = 0
  #cycle = 0
  #timer: Timer | undefined

  /** `onReady` is called whenever `pop` has something new to give. */
  constructor(scope: Scope, profile: Profile, onReady: () => void) {
    this.#scope = scope
    this.#profile = profile
    this.#onReady = onReady
    this.#flushLabel = scope.sim.label('scheduler/flush-queue')
    this.#startMs = scope.sim.now
    const isBefore = (a: QueueItem, b: QueueItem) => {
      if (profile.queueSort.less(a, b)) return true
      return !profile.queueSort.less(b, a) && a.sequence < b.sequence
    }
    this.#active = new Heap(isBefore)
    this.#backoff = new Heap((a, b) =>
      a.backoffExpirationMs === b.backoffExpirationMs
        ? isBefore(a, b)
        : a.backoffExpirationMs < b.backoffExpirationMs,
    )
    this.#errorBackoff = new Heap((a, b) =>
      a.backoffExpirationMs === b.backoffExpirationMs
        ? a.sequence < b.sequence
        : a.backoffExpirationMs < b.backoffExpirationMs,
    )
  }

  /** Scheduling cycles begun. */
  get cycle(): number {
    return this.#cycle
  }

  /** How many pods are where; gated ones count as unschedulable. */
  get counts(): { active: number; backoff: number; unschedulable: number; inFlight: number } {
    return {
      active: this.#active.size,
      backoff: this.#backoff.size + this.#errorBackoff.size,
      unschedulable: this.#unschedulable.size,
      inFlight: this.#inFlight.size,
    }
  }

  /** The pod's record, wherever it stands. */
  get(uid: string): QueueItem | undefined {
    return this.#items.get(uid)
  }

  /** Takes in a pod that was never seen before. */
  add(pod: Pod): void {
    const { sim } = this.#scope
    const info = newPodInfo(pod)
    if (this.#items.has(info.uid)) return
    const item: QueueItem = {
      info,
      timestampMs: sim.now,
      attempts: 0,
      backoffExpirationMs: 0,
      rejectedBy: NOBODY,
      gatedBy: undefined,
      place: 'nowhere',
      heapIndex: -1,
      sequence: ++this.#sequence,
      cause: sim.cause,
      subject: sim.subject(`/registry/pods/${info.key}`),
    }
    this.#items.set(info.uid, item)
    this.#enterActive(item)
  }

  /** Takes in a newer version; wakes the pod when what changed may lift its rejection. */
  update(pod: Pod, old: Pod): void {
    const item = this.#items.get(pod.metadata.uid)
    if (!item) {
      this.add(pod)
      return
    }
    const changes = podChanges(pod, old)
    if (item.place === 'inFlight') {
      for (const event of changes) this.#remember(event, { pod, oldPod: old })
      return
    }
    if (pod.spec === item.info.pod.spec) item.info.pod = pod
    else item.info = newPodInfo(pod)
    if (item.place !== 'unschedulable') return
    const change = { pod, oldPod: old }
    if (changes.some(event => this.#isWorthRetrying(item, event, change))) this.#requeue(item)
  }

  /** The pod is gone, or has a node. */
  delete(uid: string): void {
    const item = this.#items.get(uid)
    if (!item) return
    this.#leave(item)
    this.#inFlight.delete(uid)
    this.#items.delete(uid)
  }

  /** The next pod to schedule; what happens until `done` or `addRejected` is remembered for it. */
  pop(): QueueItem | undefined {
    const item = this.#active.peek() ?? this.#backoff.peek()
    if (!item) return undefined
    this.#leave(item)
    item.place = 'inFlight'
    item.attempts++
    item.backoffExpirationMs = 0
    item.rejectedBy = NOBODY
    this.#cycle++
    this.#inFlight.set(item.info.uid, [])
    return item
  }

  /** The pod's cycle is over, for good or until it is added again: nothing more need be remembered for it. */
  done(uid: string): void {
    this.#inFlight.delete(uid)
    const item = this.#items.get(uid)
    if (item?.place !== 'inFlight') return
    item.place = 'nowhere'
    this.#items.delete(uid)
  }

  /**
   * Brings back a pod that could not be scheduled: `rejectedBy` no plugin means an error, which is simply retried.
   * `pod` is its newest version.
   */
  addRejected(item: QueueItem, pod: Pod, rejectedBy: ReadonlySet<string>): void {
    const { uid } = item.info
    const events = this.#inFlight.get(uid) ?? []
    this.#inFlight.delete(uid)
    if (item.place === 'inFlight') item.place = 'nowhere'
    const present = this.#items.get(uid)
    if (item.place !== 'nowhere' || (present && present !== item)) return
    item.info = newPodInfo(pod)
    item.timestampMs = this.#scope.sim.now
    item.rejectedBy = rejectedBy
    this.#items.set(uid, item)
    const hasHope =
      rejectedBy.size === 0 || events.some(({ event, change }) => this.#isWorthRetrying(item, event, change))
    if (hasHope) this.#requeue(item)
    else this.#enterUnschedulable(item)
  }

  /** Something happened: wakes the rejected pods it may help. */
  move(event: ClusterEvent, change: Change): void {
    if (!this.#profile.isOfInterest(event)) return
    this.#remember(event, change)
    for (const item of [...this.#unschedulable.values()]) {
      if (this.#isWorthRetrying(item, event, change)) this.#requeue(item)
    }
  }

  #isWorthRetrying(item: QueueItem, event: ClusterEvent, change: Change): boolean {
    return this.#profile.isWorthRetrying(item.info, item.rejectedBy, event, change)
  }

  #remember(event: ClusterEvent, change: Change): void {
    for (const events of this.#inFlight.values()) events.push({ event, change })
  }

  #requeue(item: QueueItem): void {
    item.cause = this.#scope.sim.cause
    if (this.#isBackingOff(item)) this.#enterBackoff(item)
    else this.#enterActive(item)
  }

  /** Asks the PreEnqueue plugins; a gated pod waits among the unschedulable. */
  #passesGates(item: QueueItem): boolean {
    item.gatedBy = undefined
    for (const plugin of this.#profile.preEnqueue) {
      if (!plugin.preEnqueue(item.info.pod)) continue
      item.gatedBy = plugin.name
      item.rejectedBy = new Set([...item.rejectedBy, plugin.name])
      if (item.place !== 'unschedulable') this.#enterUnschedulable(item)
      return false
    }
    return true
  }

  #enterActive(item: QueueItem): void {
    if (!this.#passesGates(item)) return
    this.#leave(item)
    item.place = 'active'
    this.#active.push(item)
    this.#onReady()
  }

  #enterBackoff(item: QueueItem): void {
    if (!this.#passesGates(item)) return
    this.#leave(item)
    item.place = item.rejectedBy.size === 0 ? 'errorBackoff' : 'backoff'
    if (item.place === 'backoff') this.#backoff.push(item)
    else this.#errorBackoff.push(item)
    this.#arm()
    if (item.place === 'backoff') this.#onReady()
  }

  #enterUnschedulable(item: QueueItem): void {
    this.#leave(item)
    item.place = 'unschedulable'
    this.#unschedulable.set(item.info.uid, item)
    this.#arm()
  }

  #leave(item: QueueItem): void {
    if (item.place === 'active') this.#active.remove(item)
    else if (item.place === 'backoff') this.#backoff.remove(item)
    else if (item.place === 'errorBackoff') this.#errorBackoff.remove(item)
    else if (item.place === 'unschedulable') this.#unschedulable.delete(item.info.uid)
    item.place = 'nowhere'
  }

  /** A pod whose back-off ends within the present window is backing off still. */
  #isBackingOff(item: QueueItem): boolean {
    if (item.attempts === 0) return false
    if (item.backoffExpirationMs === 0) {
      item.backoffExpirationMs = windowOf(item.timestampMs + backoffMs(item.attempts))
    }
    return item.backoffExpirationMs >= windowOf(this.#scope.sim.now)
  }

  /** Sets the timer to when the next flush has something to do. */
  #arm(): void {
    const dueMs = this.#nextFlushMs()
    if (dueMs === undefined || (this.#timer?.run && this.#timer.atMs <= dueMs)) return
    const { sim } = this.#scope
    sim.cancel(this.#timer)
    this.#timer = this.#scope.schedule(Math.max(0, dueMs - sim.now), this.#flushLabel, flush, this, 0, 0)
  }

  #nextFlushMs(): number | undefined {
    let dueMs = Number.POSITIVE_INFINITY
    for (const heap of [this.#backoff, this.#errorBackoff]) {
      const first = heap.peek()
      if (first) dueMs = Math.min(dueMs, first.backoffExpirationMs + SCHEDULER.backoffWindowMs)
    }
    // Rejected pods come in the order of their timestamps, but for gated ones, which no flush can help.
    for (const item of this.#unschedulable.values()) {
      if (item.gatedBy !== undefined) continue
      dueMs = Math.min(dueMs, this.#leftoverFlushMs(item))
      break
    }
    return Number.isFinite(dueMs) ? dueMs : undefined
  }

  /** The first of the periodic looks at which the pod has been unschedulable for too long. */
  #leftoverFlushMs(item: QueueItem): number {
    const waitedMs = item.timestampMs + SCHEDULER.unschedulableFlushMs - this.#startMs
    const period = SCHEDULER.unschedulableFlushPeriodMs
    return this.#startMs + (Math.floor(waitedMs / period) + 1) * period
  }

  /** Brings pods whose time has come back. Called by its timer. */
  flush(): void {
    const { now } = this.#scope.sim
    for (const heap of [this.#backoff, this.#errorBackoff]) {
      for (let item = heap.peek(); item && !this.#isBackingOff(item); item = heap.peek()) {
        this.#leave(item)
        item.place = 'active'
        this.#active.push(item)
        this.#onReady()
      }
    }
    for (const item of [...this.#unschedulable.values()]) {
      if (item.gatedBy === undefined && this.#leftoverFlushMs(item) <= now) this.#requeue(item)
    }
    this.#timer = undefined
    this.#arm()
  }
}

function flush(queue: SchedulingQueue): void {
  queue.flush()
}

/** 1 s after the first attempt, doubling to 10 s. */
export function backoffMs(attempts: number): number {
  return Math.min(SCHEDULER.initialBackoffMs * 2 ** (attempts - 1), SCHEDULER.maxBackoffMs)
}

function windowOf(ms: number): number {
  return ms - (ms % SCHEDULER.backoffWindowMs)
}
