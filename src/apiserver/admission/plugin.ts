/** What an admission plugin is. Mirrors `k8s.io/apiserver/pkg/admission`. */
import type { AnyKind, AuthorizerPort, KindDefinition, KubeObject, Status } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import type { RandomStream, Routine } from '../../sim/index.ts'
import type { Authorizer } from '../authorization/authorizer.ts'
import type { Core } from '../core.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** What is asked for. The object may lack what the server fills in later: uid, generated name. */
export interface Attributes {
  readonly operation: Operation
  readonly kind: AnyKind
  readonly subresource: string
  /** What the request carries, where that is no object of `kind`: a Binding, an Eviction, a Scale, options. */
  readonly bodyKind?: { readonly group: string; readonly version: string; readonly kind: string }
  readonly namespace: string
  /** '' when it is to be generated. */
  readonly name: string
  /** For CREATE, the name that the URL has: of a PUT or an apply that creates, '' for a POST. */
  readonly urlName?: string
  readonly user: UserInfo
  /** What is stored, for UPDATE and DELETE. */
  readonly old: KubeObject | undefined
  /** Nothing will be stored: whoever acts on the world refrains. */
  readonly isDryRun: boolean
  /** `Warning:` headers of the answer: plugins may add theirs. */
  readonly warnings: string[]
}

/** What a plugin may look at: the server's caches. */
export interface AdmissionView {
  get<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined
  /** Every object of a kind in key order, or one namespace's. For kinds that are few. */
  list<T extends KubeObject>(kind: KindDefinition<T>, namespace?: string): readonly T[]
  /** The kind of that name, custom ones among them. */
  kindOf(apiVersion: string, kind: string): AnyKind | undefined
  /** Whether there is any object of a kind at all: O(1). */
  hasAny(kind: AnyKind): boolean
  readonly random: RandomStream
  readonly authorizer: Authorizer
  /** What a user may, for expressions. */
  authorizerFor(user: UserInfo): AuthorizerPort
  /** What a plugin of that name found out about values of this server's life; it goes with the server. */
  memory(plugin: string): WeakMap<object, unknown>
}

/** No. With `retry`, the question is worth asking again: what is missing may be on its way. */
export interface Refusal {
  readonly refused: Status
  readonly retry?: { readonly attempts: number; readonly minMs: number; readonly maxMs: number }
}

export interface AdmissionPlugin {
  /** Upstream's name, as in `--enable-admission-plugins`. */
  readonly name: string
  /** Whether it is asked at all; the answer is remembered for kind, operation and subresource. */
  handles(kind: AnyKind, operation: Operation, subresource: string): boolean
  /** False while nothing is configured that it would act on, for plugins that handle everything: O(1). */
  isActive?(view: AdmissionView): boolean
  /** Mutating: the object as it should be, itself if nothing changes. Pure. `object` is undefined for DELETE. */
  admit?(
    object: KubeObject | undefined,
    attributes: Attributes,
    view: AdmissionView,
  ): KubeObject | Refusal | undefined
  /** Validating: sees the object as it will be stored. Pure. */
  validate?(object: KubeObject | undefined, attributes: Attributes, view: AdmissionView): Refusal | undefined
  /** Whether this request must wait for the plugin (webhooks, quotas). Asked of every request it handles: O(1). */
  waits?(attributes: Attributes, view: AdmissionView): boolean
  /** Mutating with waiting, after all that change the object without. Throws ApiError to refuse. */
  admitWaiting?(
    object: KubeObject | undefined,
    attributes: Attributes,
    core: Core,
  ): Routine<KubeObject | undefined>
  /** Judging with waiting, after all that judge without. Throws ApiError to refuse. */
  validateWaiting?(object: KubeObject | undefined, attributes: Attributes, core: Core): Routine<void>
}

export function isRefusal(verdict: KubeObject | Refusal | undefined): verdict is Refusal {
  return verdict !== undefined && 'refused' in verdict
}

/** The name that a refusal gives an object that has none yet: its generateName, as upstream. */
export function nameIn(attributes: Attributes, object: KubeObject | undefined): string {
  return attributes.name || object?.metadata?.name || (object?.metadata?.generateName ?? 'Unknown')
}
