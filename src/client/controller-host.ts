/**
 * Runs pure {@link Controller}s: feeds their keys from informers, reconciles each in a loop event of its own and
 * has the intents carried out. What kube-controller-manager's controllers share: queue, workers, expectations,
 * back-off.
 */
import { type AnyKind, controllerOf, type KubeObject, keyOf } from '../api/index.ts'
import type { Cause, Label, Routine, Scope, Timer } from '../sim/index.ts'
import type { ApiPort } from './api-port.ts'
import { CacheView } from './cache-view.ts'
import type { AnyController, Controller, Outcome, Watch } from './controller.ts'
import { EventRecorder } from './event-recorder.ts'
import { Expectations } from './expectations.ts'
import type { Informer } from './informer.ts'
import type { Informers } from './informers.ts'
import { IntentRunner } from './intent-runner.ts'
import { registryPrefix } from './registry-key.ts'
import { UnseenWrites } from './unseen-writes.ts'
import { WorkQueue } from './work-queue.ts'

/** What a controller has done so far. */
export interface ControllerStats {
  reconciles: number
  /** Objects its reconciles were handed by the view, the reconciled object included. */
  objectsRead: number
  /** Requests sent for its intents. */
  intents: number
  /** Intents refused with 409 Conflict. */
  conflicts: number
  /** Keys that came up while an expectation was open. */
  heldBack: number
}

export interface ControllerHostOptions {
  /** A connection for the controller of that name: upstream gives each a client, and a rate limit, of its own. */
  connect(name: string): ApiPort
  readonly informers: Informers
  readonly controllers: readonly AnyController[]
}

export class ControllerHost {
  readonly #informers: Informers
  readonly #runs: readonly Run[]

  constructor(scope: Scope, options: ControllerHostOptions) {
    this.#informers = options.informers
    this.#runs = options.controllers.map(
      controller => new Run(scope, options.connect(controller.name), options.informers, controller),
    )
  }

  /** Starts the informers, and the workers once all caches have their first list. */
  start(): void {
    this.#informers.start()
    this.#informers.whenSynced(() => {
      for (const run of this.#runs) run.start()
    })
  }

  /** Counters by controller name. */
  get stats(): ReadonlyMap<string, Readonly<ControllerStats>> {
    return new Map(this.#runs.map(run => [run.name, run.stats]))
  }
}

/** One controller at work. */
class Run {
  readonly name: string
  readonly #controller: Controller<KubeObject>
  readonly #scope: Scope
  readonly #queue: WorkQueue
  readonly #informer: Informer<KubeObject>
  readonly #view: CacheView
  readonly #watchView: CacheView
  readonly #expectations = new Expectations()
  readonly #unseen = new UnseenWrites()
  /** Keys that wait for an expectation or to see a write, with the cause of their first addition. */
  readonly #heldBack = new Map<string, { readonly cause: Cause; readonly expiry: Timer }>()
  readonly #runner: IntentRunner
  readonly #label: Label
  readonly #expiryLabel: Label
  readonly #subjectPrefix: string
  readonly #stats: ControllerStats = { reconciles: 0, objectsRead: 0, intents: 0, conflicts: 0, heldBack: 0 }
  #idleWorkers: number
  #isStarted = false

  constructor(scope: Scope, api: ApiPort, informers: Informers, controller: AnyController) {
    this.name = controller.name
    this.#controller = controller
    this.#scope = scope
    this.#view = new CacheView(scope.sim, informers)
    this.#watchView = new CacheView(scope.sim, informers)
    this.#informer = informers.of(controller.kind)
    this.#idleWorkers = controller.workers ?? 5
    this.#label = scope.sim.label(`${controller.name}/reconcile`)
    this.#expiryLabel = scope.sim.label(`${controller.name}/expectations-expired`)
    this.#subjectPrefix = registryPrefix(controller.kind)
    this.#queue = new WorkQueue(scope, controller.name, () => this.#dispatch())
    this.#runner = new IntentRunner({
      api,
      informers,
      stats: this.#stats,
      sim: scope.sim,
      recorder: new EventRecorder(scope, api, { component: controller.eventSource }),
      expectations: this.#expectations,
      expects: controller.expects ?? [],
      onSatisfied: this.#satisfied,
      onWritten: (kind, object) => {
        if (kind === controller.kind) this.#unseen.written(keyOf(object), object, scope.sim.now)
      },
    })
    for (const index of controller.indexes) informers.of(index.kind as AnyKind).addIndex(index)
    // Expectations are lowered before anything is queued by the same event.
    for (const kind of controller.expects ?? []) this.#observe(informers.of(kind))
    this.#follow()
    for (const watch of controller.watches) this.#watch(informers, watch)
  }

  get stats(): Readonly<ControllerStats> {
    this.#stats.objectsRead = this.#view.objectsRead
    return this.#stats
  }

  start(): void {
    this.#isStarted = true
    this.#dispatch()
  }

  #follow(): void {
    const { isRelevant } = this.#controller
    this.#informer.addHandler({
      added: (object, key) => {
        if (!isRelevant || isRelevant(object, undefined)) this.#enqueue(key)
      },
      updated: (object, old, key) => {
        if (this.#unseen.seen(key, object)) this.#satisfied(key)
        if (!isRelevant || isRelevant(object, old)) this.#enqueue(key)
      },
      deleted: (_object, key) => {
        this.#expectations.forget(key)
        this.#unseen.forget(key)
        this.#letGo(key)
        this.#queue.add(key)
      },
    })
  }

  #watch(informers: Informers, watch: Watch): void {
    const enqueue = (keys: readonly string[]) => {
      for (let i = 0; i < keys.length; i++) this.#enqueue(keys[i]!)
    }
    informers.of(watch.kind).addHandler({
      added: object => enqueue(watch.keys(object, undefined, 'ADDED', this.#watchView)),
      updated: (object, old) => enqueue(watch.keys(object, old, 'MODIFIED', this.#watchView)),
      deleted: object => enqueue(watch.keys(object, undefined, 'DELETED', this.#watchView)),
    })
  }

  #observe(informer: Informer<KubeObject>): void {
    const gone = (object: KubeObject) => {
      const key = this.#ownerKey(object)
      if (key !== undefined && this.#expectations.lowerDelete(key, object.metadata.uid)) this.#satisfied(key)
    }
    informer.addHandler({
      added: object => {
        const key = this.#ownerKey(object)
        if (key === undefined) return
        // An object first seen while going was created before, and counts as deleted too.
        if (object.metadata.deletionTimestamp) return gone(object)
        if (this.#expectations.lowerCreates(key, 1)) this.#satisfied(key)
      },
      updated: (object, old) => {
        if (object.metadata.deletionTimestamp && !old.metadata.deletionTimestamp) gone(object)
      },
      deleted: gone,
    })
  }

  /** The key of ours that controls the object. */
  #ownerKey(object: KubeObject): string | undefined {
    const owner = controllerOf(object)
    if (!owner || owner.kind !== this.#controller.kind.kind) return undefined
    const { namespace } = object.metadata
    const key = namespace ? `${namespace}/${owner.name}` : owner.name
    const known = this.#informer.getByKey(key)
    return known && known.metadata.uid !== owner.uid ? undefined : key
  }

  #enqueue(key: string): void {
    const waitMs = this.#waitMs(key)
    if (waitMs === 0) this.#queue.add(key)
    else this.#holdBack(key, this.#scope.sim.cause, waitMs)
  }

  /** How long a reconcile of the key must wait at most for the cache to show what was done; 0 when it does. */
  #waitMs(key: string): number {
    const { now } = this.#scope.sim
    return this.#expectations.waitMs(key, now) || this.#unseen.waitMs(key, this.#informer.getByKey(key), now)
  }

  #holdBack(key: string, cause: Cause, waitMs: number): void {
    this.#stats.heldBack++
    if (this.#heldBack.has(key)) return
    const expiry = this.#scope.schedule(waitMs, this.#expiryLabel, this.#satisfied, key)
    this.#heldBack.set(key, { cause, expiry })
  }

  /** Takes a key off the held back ones; gives the cause it has waited with. */
  #letGo(key: string): Cause | undefined {
    const held = this.#heldBack.get(key)
    if (!held) return undefined
    this.#scope.sim.cancel(held.expiry)
    this.#heldBack.delete(key)
    return held.cause
  }

  readonly #satisfied = (key: string): void => {
    const cause = this.#letGo(key)
    if (cause !== undefined) this.#queue.add(key, cause)
  }

  #dispatch(): void {
    while (this.#isStarted && this.#idleWorkers > 0) {
      const item = this.#queue.take()
      if (!item) return
      this.#idleWorkers--
      const subject = this.#scope.sim.subject(this.#subjectPrefix + item.key)
      this.#scope.schedule(0, this.#label, this.#reconcile, item.key, subject, item.cause)
    }
  }

  readonly #reconcile = (key: string): void => {
    const { sim } = this.#scope
    const waitMs = this.#waitMs(key)
    if (waitMs > 0) {
      this.#holdBack(key, sim.cause, waitMs)
      this.#release(key)
      return
    }
    this.#letGo(key)
    this.#stats.reconciles++
    const object = this.#informer.getByKey(key)
    if (object) this.#view.objectsRead++
    const outcome = this.#controller.reconcile(object, this.#view, key)
    if (outcome.intents.length === 0) {
      this.#finish(key, outcome, true)
      return
    }
    this.#scope.spawn(
      this.#label,
      this.#carryOut(key, outcome),
      isDone => this.#finish(key, outcome, isDone),
      this.#scope.sim.cause,
    )
  }

  #carryOut(key: string, outcome: Outcome): Routine<boolean> {
    return this.#runner.run(key, outcome.intents)
  }

  #finish(key: string, outcome: Outcome, isDone: boolean): void {
    if (isDone) this.#queue.forget(key)
    else this.#queue.addRateLimited(key)
    if (outcome.requeueAfterMs !== undefined) this.#queue.addAfter(key, outcome.requeueAfterMs)
    this.#release(key)
  }

  #release(key: string): void {
    this.#idleWorkers++
    this.#queue.done(key)
    this.#dispatch()
  }
}
