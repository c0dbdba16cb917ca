/**
 * The part of metadata that belongs to the server. Mirrors `rest.BeforeCreate` and `rest.BeforeUpdate` of
 * `k8s.io/apiserver/pkg/registry/rest`. Every function gives fresh metadata, which the write may seal.
 */
import type { AnyKind, KubeObject, ObjectMeta } from '../api/index.ts'

/** Metadata in the making: upstream's types call read-only what clients may not write, but the server does. */
export type DraftMeta = { -readonly [Field in keyof ObjectMeta]: ObjectMeta[Field] }

/** Metadata for a new object; the client's uid, times, version, generation and deletion are not listened to. */
export function newMetadata(
  given: ObjectMeta,
  name: string,
  namespace: string,
  uid: string,
  timestamp: string,
): DraftMeta {
  const metadata: DraftMeta = { name, uid, resourceVersion: '', creationTimestamp: timestamp }
  if (namespace) metadata.namespace = namespace
  if (given.generateName) metadata.generateName = given.generateName
  if (given.labels) metadata.labels = given.labels
  if (given.annotations) metadata.annotations = given.annotations
  if (given.ownerReferences?.length) metadata.ownerReferences = given.ownerReferences
  if (given.finalizers?.length) metadata.finalizers = given.finalizers
  if (given.managedFields) metadata.managedFields = given.managedFields
  return metadata
}

/**
 * Metadata of an update: what the client leaves out of the server's fields is taken from the stored object; what it
 * puts in stays, for validation to refuse if it differs.
 */
export function updatedMetadata(given: ObjectMeta, old: ObjectMeta): DraftMeta {
  const metadata: DraftMeta = {
    name: given.name || old.name,
    uid: given.uid || old.uid,
    resourceVersion: old.resourceVersion,
    creationTimestamp: given.creationTimestamp || old.creationTimestamp,
  }
  if (old.namespace) metadata.namespace = given.namespace || old.namespace
  const generateName = given.generateName ?? old.generateName
  if (generateName) metadata.generateName = generateName
  if (old.generation !== undefined) metadata.generation = old.generation
  if (given.labels) metadata.labels = given.labels
  if (given.annotations) metadata.annotations = given.annotations
  if (given.ownerReferences?.length) metadata.ownerReferences = given.ownerReferences
  if (given.finalizers?.length) metadata.finalizers = given.finalizers
  if (given.managedFields) metadata.managedFields = given.managedFields
  const deletionTimestamp = given.deletionTimestamp || old.deletionTimestamp
  if (deletionTimestamp) {
    metadata.deletionTimestamp = deletionTimestamp
    metadata.deletionGracePeriodSeconds = given.deletionGracePeriodSeconds ?? old.deletionGracePeriodSeconds
  }
  return metadata
}

/**
 * The object with other metadata. Not written as a copy that begins with the object: of a copy of what is not frozen
 * V8 makes a new shape each time it is added to or frozen (2.6 us, and whoever reads it meets another shape).
 */
export function withMetadata(object: KubeObject, metadata: ObjectMeta): KubeObject {
  const others: Partial<KubeObject> = object
  return { apiVersion: object.apiVersion, kind: object.kind, ...others, metadata }
}

/** The generation a kind's objects begin with; kinds that count otherwise say so in `prepareForCreate`. */
export function firstGeneration(kind: AnyKind): number | undefined {
  // As upstream: workloads and custom resources count their specs, core kinds do not.
  return kind.group !== '' && kind.hasStatus ? 1 : undefined
}

/** The object with a root and metadata of its own, which may be written to. */
export function owned<T extends KubeObject>(object: T): T {
  if (!Object.isFrozen(object) && !Object.isFrozen(object.metadata)) return object
  return { ...object, metadata: { ...object.metadata } }
}
