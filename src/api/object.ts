/**
 * The shape every Kubernetes object shares. Stored objects are frozen values shared by reference from etcd to
 * every cache: whoever wants another makes another.
 */
import type { ListMeta, ObjectMeta as LooseObjectMeta, OwnerReference } from 'kubernetes-types/meta/v1.js'

export type { OwnerReference }

/** Metadata of a stored object: the server has filled in what identifies it. */
export interface ObjectMeta extends LooseObjectMeta {
  name: string
  uid: string
  resourceVersion: string
  creationTimestamp: string
}

/** Any stored object. Kinds extend it with their `spec`, `status` and so on. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** What a client sends to create a `T`: the server completes the metadata. */
export type NewObject<T extends KubeObject> = Omit<T, 'metadata'> & { metadata: LooseObjectMeta }

export interface KubeList<T extends KubeObject = KubeObject> {
  apiVersion: string
  kind: string
  metadata: ListMeta & { resourceVersion: string }
  items: readonly T[]
}

/** `namespace/name`, or `name` for objects without a namespace: how caches and work queues name objects. */
export function keyOf(object: { metadata: { namespace?: string; name?: string } }): string {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : `${name}`
}

/** The reference to the controller that owns the object, if any. */
export function controllerOf(object: { metadata: LooseObjectMeta }): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences
  if (!owners) return undefined
  // Counted and not iterated, as this is asked of every pod by every controller at every change.
  for (let i = 0; i < owners.length; i++) if (owners[i]!.controller) return owners[i]
  return undefined
}
