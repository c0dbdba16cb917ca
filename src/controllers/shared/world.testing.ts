/**
 * A small world for controllers' tests: objects in memory, a view over them, and the least an API server does
 * with intents. No time passes and nothing is stale unless a test says so.
 */
import {
  type AnyKind,
  type KindDefinition,
  type KubeObject,
  keyOf,
  type NewObject,
  type Pod,
  Pods,
  type Status,
  statuses,
} from '../../api/index.ts'
import type { AnyController, CacheIndex, Intent, Outcome, View } from '../../client/index.ts'
import { EPOCH_MS, formatTime } from '../../sim/index.ts'

type Patch = { metadata?: Record<string, unknown> }

export class World implements View {
  nowMs = EPOCH_MS
  /** `Normal SuccessfulCreate Created pod: x`, in order. */
  readonly events: string[] = []
  /** `create Pod x`, `update ReplicaSet/status x`, in order. */
  readonly writes: string[] = []
  /** Objects handed out by the view. */
  objectsRead = 0
  /** A refusal for an intent that should not succeed. */
  refuse: (intent: Intent) => Status | undefined = () => undefined
  readonly #objects = new Map<string, Map<string, KubeObject>>()
  #serial = 0

  get timestamp(): string {
    return formatTime(this.nowMs)
  }

  get<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined {
    return this.#of(kind).get(namespace ? `${namespace}/${name}` : name) as T | undefined
  }

  all<T extends KubeObject>(kind: KindDefinition<T>): readonly T[] {
    const objects = this.#of(kind)
    return [...objects.keys()].sort().map(key => objects.get(key) as T)
  }

  list<T extends KubeObject>(index: CacheIndex<T>, value: string): readonly T[] {
    const found = this.all(index.kind).filter(object => index.values(object).includes(value))
    this.objectsRead += found.length
    return found
  }

  size<T extends KubeObject>(index: CacheIndex<T>, value: string): number {
    return this.all(index.kind).filter(object => index.values(object).includes(value)).length
  }

  sum<T extends KubeObject>(index: CacheIndex<T>, value: string, counter: string): number {
    const found = this.all(index.kind).filter(object => index.values(object).includes(value))
    return found.reduce((sum, object) => sum + index.counters![counter]!(object), 0)
  }

  /** Puts an object there as an API server would have stored it. */
  put<T extends KubeObject>(kind: KindDefinition<T>, object: NewObject<T>): T {
    const serial = ++this.#serial
    const { namespace = 'default', generateName } = object.metadata
    const stored = {
      ...object,
      metadata: {
        uid: `uid-${serial}`,
        creationTimestamp: this.timestamp,
        generation: 1,
        ...object.metadata,
        name: object.metadata.name ?? `${generateName}${serial}`,
        namespace: kind.isNamespaced ? namespace : undefined,
        resourceVersion: String(serial),
      },
    } as unknown as T
    this.#of(kind).set(keyOf(stored), Object.freeze(stored))
    return stored
  }

  /** Changes what is stored, as somebody else would. */
  change<T extends KubeObject>(kind: KindDefinition<T>, object: T, changes: Partial<T>): T {
    const stored = this.#of(kind).get(keyOf(object)) as T
    const isNewSpec = 'spec' in changes
    const generation = (stored.metadata.generation ?? 1) + (isNewSpec ? 1 : 0)
    const metadata = {
      ...stored.metadata,
      generation,
      ...changes.metadata,
      resourceVersion: String(++this.#serial),
    }
    const changed = Object.freeze({ ...stored, ...changes, metadata })
    this.#of(kind).set(keyOf(changed), changed)
    return changed
  }

  remove(kind: AnyKind, object: KubeObject): void {
    this.#of(kind).delete(keyOf(object))
  }

  /** One reconcile of one object, carried out. */
  reconcile(controller: AnyController, key: string): Outcome {
    const outcome = controller.reconcile(this.#of(controller.kind).get(key), this, key)
    this.apply(outcome.intents)
    return outcome
  }

  /** Reconciles everything until nobody wants to write any more; gives the number of reconciles. */
  settle(...controllers: AnyController[]): number {
    for (let reconciles = 0, isQuiet = false; ; isQuiet = true) {
      const before = this.writes.length
      for (const controller of controllers) {
        for (const object of this.all(controller.kind as AnyKind)) {
          this.reconcile(controller, keyOf(object as KubeObject))
          reconciles++
        }
      }
      if (this.writes.length === before && isQuiet) return reconciles
      if (reconciles > 10_000) throw new Error('the controllers never come to rest')
    }
  }

  /** Carries out intents until one is refused. */
  apply(intents: readonly Intent[]): boolean {
    for (const intent of intents) {
      const refusal = intent.do === 'batch' ? this.#batch(intent.intents) : this.#single(intent)
      if (!refusal) continue
      if ('onRefusal' in intent && intent.onRefusal) this.apply(intent.onRefusal(refusal))
      return false
    }
    return true
  }

  #batch(intents: readonly Intent[]): Status | undefined {
    for (const intent of intents) {
      const refusal = this.#single(intent)
      if (refusal) return refusal
    }
    return undefined
  }

  #single(intent: Intent): Status | undefined {
    if (intent.do === 'batch') return undefined
    if (intent.do === 'event') {
      this.#note(intent)
      return undefined
    }
    const result = this.refuse(intent) ?? this.#write(intent)
    if (result && 'code' in result && typeof result.code === 'number') {
      const failure = 'failureEvent' in intent ? intent.failureEvent : undefined
      if (failure)
        this.#note({ ...failure, message: failure.message.replace('{error}', result.message ?? '') })
      return result as Status
    }
    if (intent.event) {
      const name = (result as KubeObject | undefined)?.metadata.name ?? ''
      this.#note({ ...intent.event, message: intent.event.message.replace('{name}', name) })
    }
    return undefined
  }

  #note(event: { readonly type: string; readonly reason: string; readonly message: string }): void {
    this.events.push(`${event.type} ${event.reason} ${event.message}`)
  }

  #write(intent: Exclude<Intent, { do: 'batch' } | { do: 'event' }>): KubeObject | Status | undefined {
    const kind = intent.kind as AnyKind
    const metadata = 'object' in intent ? intent.object.metadata : intent
    const { namespace = '', name = '' } = metadata
    const subresource = 'subresource' in intent && intent.subresource ? `/${intent.subresource}` : ''
    const stored = this.get<KubeObject>(kind, namespace, name)
    if (intent.do === 'create') {
      if (stored) return intent.isFineIfExists ? undefined : statuses.alreadyExists(kind, name)
      const isPod = kind === Pods
      const created = this.put(
        kind,
        isPod ? ({ ...intent.object, status: { phase: 'Pending' } } as NewObject<KubeObject>) : intent.object,
      )
      this.writes.push(`create ${kind.kind} ${created.metadata.name}`)
      return created
    }
    if (!stored) return intent.do === 'update' ? statuses.notFound(kind, name) : undefined
    this.writes.push(`${intent.do} ${kind.kind}${subresource} ${name}`)
    if (intent.do === 'delete') return this.#delete(kind, stored)
    if (intent.do === 'patch') return this.change(kind, stored, patched(stored, intent.patch as Patch))
    if (intent.object.metadata.resourceVersion !== stored.metadata.resourceVersion) {
      return statuses.conflict(kind, name)
    }
    const { status, spec, ...rest } = intent.object as KubeObject & { status: unknown; spec: unknown }
    const old = stored as KubeObject & { status: unknown; spec: unknown }
    const next = subresource ? { ...rest, spec: old.spec, status } : { ...rest, spec, status: old.status }
    const generation = (old.metadata.generation ?? 1) + (next.spec === old.spec ? 0 : 1)
    return this.change(kind, stored, {
      ...next,
      metadata: { ...rest.metadata, generation },
    } as Partial<KubeObject>)
  }

  #delete(kind: AnyKind, stored: KubeObject): undefined {
    const { finalizers, deletionTimestamp } = stored.metadata
    const isGraceful = kind === Pods && (stored as Pod).spec.nodeName && !isOver(stored as Pod)
    if (!isGraceful && !finalizers?.length) this.remove(kind, stored)
    else if (!deletionTimestamp) {
      const metadata = { ...stored.metadata, deletionTimestamp: this.timestamp }
      this.change(kind, stored, { metadata })
    }
    return undefined
  }

  #of(kind: AnyKind): Map<string, KubeObject> {
    const objects = this.#objects.get(kind.kind) ?? new Map<string, KubeObject>()
    this.#objects.set(kind.kind, objects)
    return objects
  }

  // What schedulers and kubelets do to pods.

  bind(pod: Pod, node = 'node-1'): Pod {
    return this.change(Pods, pod, { spec: { ...this.#pod(pod).spec, nodeName: node } })
  }

  /** Running and ready since now; bound first where it is not. */
  ready(pod: Pod, node = 'node-1'): Pod {
    if (!this.#pod(pod).spec.nodeName) this.bind(pod, node)
    return this.#conditions(pod, 'Running', 'True')
  }

  notReady(pod: Pod): Pod {
    return this.#conditions(pod, 'Running', 'False')
  }

  finish(pod: Pod, phase: 'Succeeded' | 'Failed'): Pod {
    return this.#conditions(pod, phase, 'False')
  }

  allReady(): void {
    for (const pod of this.all(Pods)) if (!isOver(pod) && !pod.metadata.deletionTimestamp) this.ready(pod)
  }

  /** Pods whose deletion was asked for are gone; those with finalizers have ended at least. */
  reap(): void {
    for (const pod of this.all(Pods)) {
      if (!pod.metadata.deletionTimestamp) continue
      if (!pod.metadata.finalizers?.length) this.remove(Pods, pod)
      else if (!isOver(pod)) this.finish(pod, 'Failed')
    }
  }

  #conditions(pod: Pod, phase: string, status: string): Pod {
    const ready = { type: 'Ready', status, lastTransitionTime: this.timestamp }
    return this.change(Pods, pod, { status: { ...this.#pod(pod).status, phase, conditions: [ready] } })
  }

  #pod(pod: Pod): Pod {
    return this.#of(Pods).get(keyOf(pod)) as Pod
  }
}

function isOver(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
}

const LESS_FINALIZERS = '$deleteFromPrimitiveList/finalizers'

/** The metadata after the patches controllers send: one owner reference in or out, lists and maps replaced. */
function patched(object: KubeObject, patch: Patch): Partial<KubeObject> {
  const { ownerReferences, uid: _, [LESS_FINALIZERS]: removed, ...others } = patch.metadata ?? {}
  let owners = object.metadata.ownerReferences ?? []
  for (const reference of (ownerReferences ?? []) as { uid: string; $patch?: string }[]) {
    owners = owners.filter(owner => owner.uid !== reference.uid)
    if (reference.$patch !== 'delete') owners = [...owners, reference as (typeof owners)[number]]
  }
  const finalizers = object.metadata.finalizers?.filter(
    name => !(removed as string[] | undefined)?.includes(name),
  )
  const metadata = {
    ...object.metadata,
    finalizers: finalizers?.length ? finalizers : undefined,
    ...others,
    ownerReferences: owners.length > 0 ? owners : undefined,
  }
  return { ...patch, metadata }
}

/** A pod template with one container. */
export function podTemplate(labels: Record<string, string>, image = 'app:v1') {
  return { metadata: { labels }, spec: { containers: [{ name: 'c', image }] } }
}
