/** Reviews are objects without an identity: their metadata is as sent, and nobody's. */
import type { KubeObject } from '../../api/index.ts'

/** What clients expect where other kinds have their names and times. */
export function emptyMetadata(asked: KubeObject): object {
  const { creationTimestamp: _time, resourceVersion: _version, uid: _uid, ...metadata } = asked.metadata
  return { ...metadata, creationTimestamp: null }
}

/** Whether metadata says more than upstream allows in a review. */
export function saysSomething({ metadata }: KubeObject, ...allowed: readonly string[]): boolean {
  const ignored = ['managedFields', 'creationTimestamp', ...allowed]
  return Object.entries(metadata).some(([field, value]) => value && !ignored.includes(field))
}
