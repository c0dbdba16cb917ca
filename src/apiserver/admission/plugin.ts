/** What an admission plugin is. Mirrors `k8s.io/apiserver/pkg/admission`. */
import type { AnyKind, KindDefinition, KubeObject, Status } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import type { RandomStream } from '../../sim/index.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** What is asked for. The object may lack what the server fills in later: uid, generated name. */
export interface Attributes {
  readonly operation: Operation
  readonly kind: AnyKind
  readonly subresource: string
  readonly namespace: string
  /** '' when it is to be generated. */
  readonly name: string
  readonly user: UserInfo
  /** What is stored, for UPDATE and DELETE. */
  readonly old: KubeObject | undefined
}

/** What a plugin may look at: the server's caches. */
export interface AdmissionView {
  get<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined
  readonly random: RandomStream
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
  /** Mutating: the object as it should be, itself if nothing changes. Pure. `object` is undefined for DELETE. */
  admit?(
    object: KubeObject | undefined,
    attributes: Attributes,
    view: AdmissionView,
  ): KubeObject | Refusal | undefined
  /** Validating: sees the object as it will be stored. Pure. */
  validate?(object: KubeObject | undefined, attributes: Attributes, view: AdmissionView): Refusal | undefined
}

export function isRefusal(verdict: KubeObject | Refusal | undefined): verdict is Refusal {
  return verdict !== undefined && 'refused' in verdict
}

/** The name that a refusal gives an object that has none yet: its generateName, as upstream. */
export function nameIn(attributes: Attributes, object: KubeObject | undefined): string {
  return attributes.name || object?.metadata.name || (object?.metadata.generateName ?? 'Unknown')
}
