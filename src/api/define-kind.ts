/**
 * A kind, whole: everything the API server, kubectl and the views need to know about one resource. Built-in
 * kinds are made here from a folder under `kinds/`; a custom resource is the same call at run time.
 */
import type { RandomStream } from '../sim/index.ts'
import type { MergeType } from './apply/merge-type.ts'
import type { FieldError } from './field-error.ts'
import type { KubeObject } from './object.ts'

/** One column of `kubectl get`, as the server's Table has it. */
export interface Column<T extends KubeObject> {
  /** `Name`, `Ready`, `Nominated Node`; kubectl prints it in capitals. */
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date' | 'number'
  readonly format?: string
  readonly description?: string
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: 0 | 1
  cell(object: T, nowMs: number): string | number | boolean
}

/** What strategy hooks may use of the world: all of it goes through here, so that hooks stay pure. */
export interface StrategyContext {
  readonly nowMs: number
  /** RFC 3339 of `nowMs`. */
  readonly timestamp: string
  readonly random: RandomStream
  /** Allocates from a named pool (`serviceClusterIPs`, `serviceNodePorts`); see {@link Allocator}. */
  allocator(name: string): Allocator
}

/** Who asks, for kinds that write it down. */
export interface Requestor {
  readonly name: string
  readonly groups: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** A pool of values that no two objects may share. Kept by the apiserver, rebuilt from stored objects. */
export interface Allocator {
  /** Takes `wanted`, or any free value; undefined when it is taken or outside, or none is left. */
  allocate(wanted?: string): string | undefined
  release(value: string): void
  /** The pool's bounds as messages name them: `10.96.0.0/12`, `30000-32767`. */
  readonly range?: string
  /** Whether the pool could ever hold the value. */
  contains(value: string): boolean
  isTaken(value: string): boolean
}

/**
 * The rules of a kind. Every hook is a function from values to a value: arguments may be frozen and are never
 * changed; the same reference is returned when there is nothing to do.
 */
export interface Strategy<T extends KubeObject> {
  /** Fills in defaults on anything that came from a client. Must be idempotent. */
  defaults?(object: T): T
  /** On create, after defaulting and before validation: clears status, allocates. */
  prepareForCreate?(object: T, context: StrategyContext, requestor?: Requestor): T
  /** On update of the main resource; the generic part (status kept, generation) is done already. */
  prepareForUpdate?(next: T, old: T, context: StrategyContext): T
  /** On update of the status subresource, the rest being kept already. */
  prepareForStatusUpdate?(next: T, old: T, context: StrategyContext): T
  validate?(object: T): FieldError[]
  validateUpdate?(next: T, old: T): FieldError[]
  validateStatusUpdate?(next: T, old: T): FieldError[]
  /** Fields that a write of the status cannot change, as paths; `spec` unless given. */
  readonly statusResets?: readonly string[]
  /** `Warning:` headers for a create or update. */
  warnings?(object: T, old: T | undefined): string[]
  /** After the object has really gone: gives back what `prepareForCreate` allocated. */
  afterDelete?(object: T, context: StrategyContext): void
  /** After an update is committed: gives back what the old object had and the new one has not. */
  afterUpdate?(next: T, old: T, context: StrategyContext): void
  /**
   * When a write that was prepared is not going to happen (refused by validation, conflict, name taken): gives
   * back what `prepareForCreate` (then `old` is undefined) or `prepareForUpdate` allocated.
   */
  afterFailure?(next: T, old: T | undefined, context: StrategyContext): void
  /** What else changes when an object gets its deletionTimestamp (namespaces: phase Terminating). */
  beginDelete?(object: T, context: StrategyContext): T
  /** Whether more than metadata.finalizers keeps a deleted object from going (namespaces: spec.finalizers). */
  isHeld?(object: T): boolean
  /**
   * Kinds that die gracefully (pods): how many seconds the deletion will take; 0 removes at once.
   * `requestedSeconds` is the client's gracePeriodSeconds.
   */
  gracePeriodSeconds?(object: T, requestedSeconds: number | undefined): number
  /** What a delete without propagationPolicy does to dependents; `Background` unless given. */
  readonly defaultPropagation?: 'Background' | 'Orphan'
  /** PUT on a name that does not exist creates it. */
  readonly allowsCreateOnUpdate?: boolean
  /** Update without resourceVersion is allowed; true unless given. */
  readonly allowsUnconditionalUpdate?: boolean
}

/** `autoscaling/v1 Scale` in terms of the kind's own fields. */
export interface ScaleMapping<T extends KubeObject> {
  specReplicas(object: T): number
  withSpecReplicas(object: T, replicas: number): T
  statusReplicas(object: T): number
  /** The label selector in its string form. */
  selector(object: T): string
}

/** A subresource that changes the object: `pods/binding`, `namespaces/finalize`. Thrown ApiErrors are the answer. */
export interface SubresourceAction<T extends KubeObject> {
  /** `create` for POST on the subresource, `update` for PUT. */
  readonly verb: 'create' | 'update'
  /** What is sent, where it is not the kind itself: discovery names it. */
  readonly body?: { readonly group: string; readonly version: string; readonly kind: string }
  /** Pure: the object after the action. Without it the API server answers with a handler of its own. */
  apply?(object: T, body: unknown, context: StrategyContext): T
  /** What the request answers; a Success Status unless given. */
  respond?(object: T): unknown
}

export interface KindOptions<T extends KubeObject> {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly isNamespaced: boolean
  /** Has a `status` subresource, and `spec` and `status` are written apart. */
  readonly hasStatus?: boolean
  readonly scale?: ScaleMapping<T>
  readonly actions?: Readonly<Record<string, SubresourceAction<T>>>
  readonly strategy?: Strategy<T>
  /** Without Name and Age, which every table has first and last, unless `columnsAreComplete`. */
  readonly columns?: readonly Column<T>[]
  readonly columnsAreComplete?: boolean
  /** Field selectors beyond metadata.name and metadata.namespace: `spec.nodeName`, `status.phase`. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>
  /** The selectable field that watches are indexed by in the watch cache (`spec.nodeName` for pods). */
  readonly watchIndex?: string
  /** Seconds after which the apiserver lets etcd forget an object (Events: one hour). */
  readonly ttlSeconds?: number
  /** Name of the type in the published OpenAPI schema; `io.k8s.api.apps.v1.Deployment`. */
  readonly schema?: string
  /**
   * Nothing is stored: `create` is answered by a handler of the API server (SubjectAccessReview, TokenReview, Binding).
   */
  readonly isVirtual?: boolean
  /** The verbs discovery names, where they are neither all eight nor, for what is virtual, `create` alone. */
  readonly verbs?: readonly string[]
  /** How fields are owned and merged, for kinds whose schema is not published: custom resources. */
  readonly mergeType?: MergeType
  /** A `Warning:` on every request for it: `v1 Endpoints is deprecated in v1.33+; ...`. */
  readonly deprecation?: string
  /**
   * For a version that is not the stored one: the kind that is, and the way there and back. The API server converts
   * at its door; storage, caches and strategies know the stored kind only. Both ways must be pure, lose nothing a
   * client can see, and keep metadata by reference where they can.
   */
  readonly storedAs?: StoredAs
  /**
   * For custom resources of several versions: how objects become this version's. The API server handles such a version
   * as a kind of its own, with its own schema, and converts where it meets etcd.
   */
  readonly conversion?: Conversion
  /** The CustomResourceDefinition behind it; undefined for built-in kinds. */
  readonly definedBy?: KubeObject
  /** The fields it does not know, where no published schema tells: those of custom resources. */
  findUnknown?(object: T): { readonly unknown: readonly string[]; readonly typeErrors: readonly string[] }
  /** What is read from etcd, made what the kind is today: custom resources get defaults that came later. */
  decode?(stored: T): T
}

/** See {@link KindOptions.storedAs}. */
export interface StoredAs {
  readonly kind: AnyKind
  toStored(object: KubeObject): KubeObject
  fromStored(object: KubeObject): KubeObject
}

/** See {@link KindOptions.conversion}. */
export interface Conversion {
  /** The apiVersion in which new objects are stored. */
  readonly storedVersion: string
  /** Who converts; undefined where changing apiVersion is all there is to it. */
  readonly webhook: ConversionWebhook | undefined
  /** An object of this version that was read: without what its schema does not know, with the defaults. */
  complete(object: KubeObject): KubeObject
}

export interface ConversionWebhook {
  readonly clientConfig?: {
    readonly url?: string
    readonly service?: {
      readonly namespace: string
      readonly name: string
      readonly path?: string
      readonly port?: number
    }
    readonly caBundle?: string
  }
  readonly conversionReviewVersions?: readonly string[]
}

/** A kind, complete. `T` is what is stored. */
export interface KindDefinition<T extends KubeObject = KubeObject> extends KindOptions<T> {
  /** `v1`, `apps/v1` */
  readonly apiVersion: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly columns: readonly Column<T>[]
  readonly hasStatus: boolean
  readonly strategy: Strategy<T>
}

/** A kind of whatever objects: hooks are bivariant on purpose, so that lists of kinds can be held. */
// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list of kinds has no better type
export type AnyKind = KindDefinition<any>

export function defineKind<T extends KubeObject>(options: KindOptions<T>): KindDefinition<T> {
  return Object.freeze({
    shortNames: [],
    categories: [],
    columns: [],
    hasStatus: false,
    strategy: {},
    ...options,
    apiVersion: options.group ? `${options.group}/${options.version}` : options.version,
  })
}
