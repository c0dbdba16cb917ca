/**
 * kube-scheduler: takes one waiting pod after another, finds it a node, and binds it there without waiting for the
 * answer. Mirrors `scheduler.go` and the driving half of `schedule_one.go`; one profile, no extenders, and a fixed
 * virtual time for a cycle where upstream takes as long as it takes.
 */
import { type KubeObject, type Pod, Pods, SCHEDULER } from '../api/index.ts'
import {
  type ApiPort,
  EventRecorder,
  type Informer,
  type Informers,
  type RequestOptions,
  requestFor,
} from '../client/index.ts'
import { assert, type Label, type RandomStream, type Scope } from '../sim/index.ts'
import { bind, reserve, unreserve } from './binding-cycle.ts'
import { Cache } from './cache.ts'
import { EVENTS } from './cluster-event.ts'
import { DecisionLog, type Explanation, type Result } from './decisions.ts'
import { type Chance, evaluate, type Outcome } from './evaluation.ts'
import { podInformer, watchCluster } from './event-handlers.ts'
import { countReasons, cutForEvent, describeRejectedPod, describeRejections, NO_NODES } from './messages.ts'
import { defaultPlugins, type WeightedPlugin } from './plugins/index.ts'
import { conditionPatch, type FailureReason } from './pod-condition.ts'
import { Profile } from './profile.ts'
import { type QueueItem, SchedulingQueue } from './queue.ts'
import { NOT_MODELLED, unmodelledIn, unmodelledMessage } from './unmodelled.ts'
import { VerdictMemo } from './verdict-memo.ts'

export interface SchedulerOptions {
  readonly api: ApiPort
  /** The scheduler's own caches; started by whoever made them. */
  readonly informers: Informers
  /** Pods that name this in `spec.schedulerName` are its own; `default-scheduler` unless given. */
  readonly name?: string
  /** How long a scheduling cycle takes, in whole ms; 1 unless given. */
  readonly cycleMs?: number
  /** The plugins instead of the default profile's, in order. */
  readonly plugins?: readonly WeightedPlugin[]
  /** How long an unconfirmed binding is believed in; 0, the default, for ever. */
  readonly assumedPodTtlMs?: number
}

/** What the scheduler has done since it started. */
export interface SchedulerStats {
  cycles: number
  bound: number
  unschedulable: number
  errors: number
}

const STATUS_PATCH: RequestOptions = Object.freeze({ patchType: 'strategic' })
const NOBODY: ReadonlySet<string> = new Set()

export class Scheduler {
  readonly stats: SchedulerStats = { cycles: 0, bound: 0, unschedulable: 0, errors: 0 }
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #pods: Informer<Pod>
  readonly #name: string
  readonly #cycleMs: number
  readonly #assumedPodTtlMs: number
  readonly #profile: Profile
  readonly #memo: VerdictMemo
  readonly #log = new DecisionLog()
  readonly #cache = new Cache(this.#log)
  readonly #queue: SchedulingQueue
  readonly #events: EventRecorder
  readonly #random: RandomStream
  readonly #cycleLabel: Label
  readonly #expireLabel: Label
  #startIndex = 0
  #isRunning = false
  #isInCycle = false

  constructor(scope: Scope, options: SchedulerOptions) {
    this.#scope = scope
    this.#api = options.api
    this.#informers = options.informers
    this.#pods = podInformer(options.informers)
    this.#name = options.name ?? SCHEDULER.name
    this.#cycleMs = options.cycleMs ?? 1
    this.#assumedPodTtlMs = options.assumedPodTtlMs ?? SCHEDULER.assumedPodTtlMs
    assert(Number.isInteger(this.#cycleMs) && this.#cycleMs >= 0, 'a cycle takes whole milliseconds')
    this.#profile = new Profile(options.plugins ?? defaultPlugins(options.api))
    this.#memo = new VerdictMemo(this.#profile)
    this.#queue = new SchedulingQueue(scope, this.#profile, () => this.#beginCycle())
    this.#events = new EventRecorder(scope, options.api, { component: this.#name })
    this.#random = scope.sim.random(`scheduler/${this.#name}`)
    this.#cycleLabel = scope.sim.label('scheduler/schedule-pod')
    this.#expireLabel = scope.sim.label('scheduler/expire-assumed-pods')
  }

  /** Begins to listen, and to schedule once both nodes and pods are known. */
  start(): void {
    watchCluster(this.#informers, this.#name, this.#cache, this.#queue)
    this.#informers.whenSynced(() => {
      this.#isRunning = true
      this.#beginCycle()
    })
  }

  /** How many pods wait, and where. */
  get waiting(): SchedulingQueue['counts'] {
    return this.#queue.counts
  }

  /**
   * Every node's verdicts and scores in the last decision about a pod (`namespace/name`), worked out anew; undefined
   * when there was none, or too many since.
   */
  explain(podKey: string): Explanation | undefined {
    return this.#log.explain(podKey, this.#profile, this.#cache.allNodes())
  }

  /** Takes the next pod, unless one is being scheduled; the decision falls `cycleMs` later. */
  #beginCycle(): void {
    if (!this.#isRunning || this.#isInCycle) return
    const item = this.#queue.pop()
    if (!item) return
    this.#isInCycle = true
    this.#scope.schedule(this.#cycleMs, this.#cycleLabel, this.#endCycle, item, item.subject, item.cause)
  }

  readonly #endCycle = (item: QueueItem): void => {
    this.stats.cycles++
    this.#schedule(item)
    this.#isInCycle = false
    this.#beginCycle()
  }

  #schedule(item: QueueItem): void {
    const { pod } = item.info
    if (pod.metadata.deletionTimestamp) {
      const { namespace, name } = pod.metadata
      this.#warn(pod, 'FailedScheduling', `skip schedule deleting pod: ${namespace}/${name}`)
      this.#queue.done(item.info.uid)
      return
    }
    if (this.#cache.isAssumed(item.info.uid)) {
      this.#queue.done(item.info.uid)
      return
    }
    if (item.attempts === 1) {
      for (const what of unmodelledIn(pod)) this.#warn(pod, NOT_MODELLED, unmodelledMessage(what))
    }
    const nodeCount = this.#cache.nodes.length
    const chance: Chance = { startIndex: this.#startIndex, tieSeed: this.#random.bits() }
    const { position } = this.#log
    const outcome =
      nodeCount > 0
        ? evaluate(this.#profile, this.#cache, item.info, chance, { memo: this.#memo })
        : undefined
    if (outcome) this.#startIndex = (this.#startIndex + outcome.evaluatedNodes) % nodeCount
    const result = this.#carryOut(item, outcome)
    this.#log.record(item.info.key, {
      startIndex: chance.startIndex,
      tieSeed: chance.tieSeed,
      pod,
      atMs: this.#scope.sim.now,
      attempt: item.attempts,
      cycle: this.#queue.cycle,
      position,
      order: this.#cache.nodes,
      result,
    })
  }

  #carryOut(item: QueueItem, outcome: Outcome | undefined): Result {
    if (!outcome) return this.#reject(item, NO_NODES, NOBODY)
    if (outcome.kind === 'unfit') return this.#reject(item, this.#describe(item, outcome), outcome.rejectedBy)
    const { info } = item
    const { nodeName } = outcome
    this.#cache.assume(info, nodeName)
    const rejection = reserve(this.#profile, info, nodeName)
    if (rejection) {
      this.#cache.forget(info.uid)
      const message = describeRejections(1, countReasons([rejection]))
      return this.#reject(item, message, new Set([rejection.plugin]))
    }
    this.#queue.done(info.uid)
    bind(this.#profile, info, nodeName, problem => this.#boundOrNot(item, nodeName, problem))
    return { nodeName }
  }

  /** Why no node fits, with what PostFilter plugins have to add. */
  #describe({ info }: QueueItem, outcome: Outcome & { kind: 'unfit' }): string {
    const nodeCount = this.#cache.nodes.length
    let message = outcome.podRejection
      ? describeRejectedPod(nodeCount, outcome.podRejection)
      : describeRejections(nodeCount, countReasons(outcome.rejections.values()))
    for (const plugin of this.#profile.postFilter) {
      const result = plugin.postFilter(info, this.#cache, outcome.rejections)
      message += ` ${result.message}`
      if (result.unmodelled) this.#warn(info.pod, NOT_MODELLED, unmodelledMessage(result.unmodelled))
    }
    return message
  }

  #reject(item: QueueItem, message: string, rejectedBy: ReadonlySet<string>): Result {
    this.stats.unschedulable++
    this.#fail(item, 'Unschedulable', message, rejectedBy)
    return { message }
  }

  #boundOrNot(item: QueueItem, nodeName: string, problem: string | undefined): void {
    if (!this.#scope.isAlive) return
    const { info } = item
    if (problem === undefined) {
      this.stats.bound++
      this.#finishBinding(info.uid)
      const { namespace, name } = info.pod.metadata
      const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`
      this.#events.event(info.pod, 'Normal', 'Scheduled', message)
      return
    }
    this.stats.errors++
    unreserve(this.#profile, info, nodeName)
    const wasAssumed = this.#cache.forget(info.uid)
    this.#fail(item, 'SchedulerError', problem, NOBODY)
    // What was held for it is free again, as if a pod had been deleted there.
    if (wasAssumed) this.#queue.move(EVENTS.assignedPodDelete, { oldPod: assigned(info.pod, nodeName) })
  }

  #finishBinding(uid: string): void {
    const ttlMs = this.#assumedPodTtlMs
    if (ttlMs === 0) return
    const { sim } = this.#scope
    this.#cache.finishBinding(uid, sim.now + ttlMs)
    this.#scope.schedule(ttlMs, this.#expireLabel, () => this.#cache.expire(sim.now), undefined)
  }

  /** Tells the world, and queues the pod again if it still is there and without a node. */
  #fail(item: QueueItem, reason: FailureReason, message: string, rejectedBy: ReadonlySet<string>): void {
    const { info } = item
    const { namespace = '', name } = info.pod.metadata
    const current = this.#pods.getByKey(info.key)
    if (current?.metadata.uid === info.uid && !current.spec.nodeName) {
      this.#queue.addRejected(item, current, rejectedBy)
    } else this.#queue.done(info.uid)
    this.#warn(info.pod, 'FailedScheduling', cutForEvent(message))
    const body = conditionPatch(current ?? info.pod, reason, message, this.#scope.sim.timestamp())
    if (!body) return
    const patch = requestFor('patch', Pods, namespace, name, {
      subresource: 'status',
      body,
      options: STATUS_PATCH,
    })
    // A refusal is let be, as upstream does: the pod is gone, or its next attempt says the same again.
    this.#api.request(patch, () => {})
  }

  #warn(about: KubeObject, reason: string, message: string): void {
    this.#events.event(about, 'Warning', reason, message)
  }
}

function assigned(pod: Pod, nodeName: string): Pod {
  return { ...pod, spec: { ...pod.spec, nodeName } }
}
