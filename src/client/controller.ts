/**
 * A controller as a pure function. It is told one object by key, looks at caches through a view, and answers
 * with intents; the host carries them out over the wire. Staleness, conflicts and crashes between two writes
 * therefore happen to every controller alike, without a line in any of them.
 */
import type { AnyKind, KindDefinition } from '../api/define-kind.ts'
import type { KubeObject, NewObject } from '../api/object.ts'
import type { Status } from '../api/status.ts'
import type { RequestOptions } from './api-port.ts'

/**
 * A named index over a kind's cache. `counters` keep running sums per index value, so that a ReplicaSet of ten
 * thousand never has to be listed to be counted.
 */
export interface CacheIndex<T extends KubeObject> {
  readonly kind: KindDefinition<T>
  readonly name: string
  /** The values an object is found under. */
  values(object: T): readonly string[]
  /**
   * True only if two versions of one object certainly have the same values: then these need not be worked out.
   * Versions share what did not change between them, so that identity of a part is the usual answer.
   */
  isSame?(next: T, old: T): boolean
  /** Summed per value: each gives a number for one object. */
  readonly counters?: Readonly<Record<string, (object: T) => number>>
}

/** What a reconcile may look at: caches, as stale as they are. Counts every object it hands out. */
export interface View {
  readonly nowMs: number
  readonly timestamp: string
  get<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined
  /** Objects under one value of an index, in key order. */
  list<T extends KubeObject>(index: CacheIndex<T>, value: string): readonly T[]
  /** How many there are under that value: O(1). */
  size<T extends KubeObject>(index: CacheIndex<T>, value: string): number
  /** A running sum under that value: O(1). */
  sum<T extends KubeObject>(index: CacheIndex<T>, value: string, counter: string): number
  /** Every object of a kind, in key order. For kinds that are few (nodes, namespaces); costs what it reads. */
  all<T extends KubeObject>(kind: KindDefinition<T>): readonly T[]
}

export interface EventIntent {
  readonly do: 'event'
  readonly about: KubeObject
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/**
 * What is still to be done when an intent was refused and the rest of the list is dropped: a condition written
 * to the status, say. Pure; the answer is carried out in order, and the key is requeued as after any refusal.
 */
export type OnRefusal = (refusal: Status) => readonly Intent[]

/** One thing a controller wants done. Executed in order; the first refusal ends the list and requeues the key. */
export type Intent =
  | {
      readonly do: 'create'
      readonly kind: AnyKind
      readonly object: NewObject<KubeObject>
      /** Sent once the create has succeeded; `{name}` in the message stands for the created object's name. */
      readonly event?: EventIntent
      /**
       * Sent when it was refused, unless because the namespace is terminating; `{error}` stands for the
       * refusal's message.
       */
      readonly failureEvent?: EventIntent
      /** AlreadyExists counts as done; `event` is not sent then. */
      readonly isFineIfExists?: boolean
      readonly onRefusal?: OnRefusal
    }
  | {
      /** PUT of the whole object, on the main resource or a subresource, with its resourceVersion. */
      readonly do: 'update'
      readonly kind: AnyKind
      readonly object: KubeObject
      readonly subresource?: string
      readonly event?: EventIntent
    }
  | {
      readonly do: 'patch'
      readonly kind: AnyKind
      readonly namespace: string
      readonly name: string
      readonly subresource?: string
      readonly patch: unknown
      readonly options: RequestOptions
      readonly isFineIfGone?: boolean
      readonly event?: EventIntent
    }
  | {
      readonly do: 'delete'
      readonly kind: AnyKind
      readonly object: KubeObject
      readonly options?: RequestOptions
      readonly event?: EventIntent
      readonly failureEvent?: EventIntent
      /** NotFound counts as done; true unless given. */
      readonly isFineIfGone?: boolean
    }
  | {
      /**
       * Many independent intents at once. `slowStart` sends 1, then 2, 4, ... doubling while all succeed, as
       * the ReplicaSet and Job controllers do; without it all are sent together. Any refusal ends the batch
       * after the present round.
       */
      readonly do: 'batch'
      readonly slowStart: boolean
      readonly intents: readonly Intent[]
      /** Asked once, about the batch's first refusal. */
      readonly onRefusal?: OnRefusal
    }
  | EventIntent

export interface Outcome {
  readonly intents: readonly Intent[]
  /** Look again after this many ms, whatever happens. */
  readonly requeueAfterMs?: number
}

/** Nothing to do. */
export const DONE: Outcome = Object.freeze({ intents: Object.freeze([]) as readonly Intent[] })

/** Which keys of the controller an object of another kind concerns. */
export interface Watch<T extends KubeObject = KubeObject> {
  readonly kind: KindDefinition<T>
  /**
   * Keys (`namespace/name`) to reconcile when `object` was added, changed from `old`, or deleted. Return nothing
   * for changes that no reconcile could tell apart.
   */
  keys(object: T, old: T | undefined, event: 'ADDED' | 'MODIFIED' | 'DELETED', view: View): readonly string[]
}

export interface Controller<T extends KubeObject> {
  /** kube-controller-manager's name for it: `replicaset`, `deployment`, `endpointslice`. */
  readonly name: string
  /** The `source.component` of its events: `replicaset-controller`. */
  readonly eventSource: string
  readonly kind: KindDefinition<T>
  /** True when a change of the controller's own kind from `old` to `object` matters; all do unless given. */
  isRelevant?(object: T, old: T | undefined): boolean
  readonly watches: readonly AnyWatch[]
  readonly indexes: readonly AnyIndex[]
  /** Keys worked on at once (`--concurrent-*-syncs`); 5 unless given. */
  readonly workers?: number
  /**
   * Kinds whose creations and deletions it must see in its cache before it counts them again (upstream's
   * ControllerExpectations, 5 minutes at most). The host tracks them by controller owner reference.
   */
  readonly expects?: readonly AnyKind[]
  /** `object` is undefined when the key is gone from the cache. */
  reconcile(object: T | undefined, view: View, key: string): Outcome
}

/** An index over whatever kind, for lists. */
// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list of indexes has no better type
export type AnyIndex = CacheIndex<any>

/** A watch on whatever kind, for lists. */
// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list of watches has no better type
export type AnyWatch = Watch<any>

/** A controller of whatever kind, for lists. */
// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list of controllers has no better type
export type AnyController = Controller<any>
