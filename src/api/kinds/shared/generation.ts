/** Kinds that count their changes in `metadata.generation`, or do not, against the rule of the API server. */
import type { KubeObject } from '../../object.ts'

/** The object as the first of its generations. */
export function counted<T extends KubeObject>(object: T): T {
  return { ...object, metadata: { ...object.metadata, generation: 1 } }
}

/** The object one generation on. */
export function countedUp<T extends KubeObject>(next: T, old: T): T {
  return { ...next, metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } }
}

/** The object without a generation. */
export function uncounted<T extends KubeObject>(object: T): T {
  const { generation: _, ...metadata } = object.metadata
  return { ...object, metadata } as T
}
