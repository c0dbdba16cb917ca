/** Where objects live in etcd; the same strings are the subjects of the trace. Mirrors upstream's key layout. */
import type { AnyKind } from '../api/index.ts'

/** Everything an API server keeps is under this prefix. */
export const REGISTRY_PREFIX = '/registry/'

/** `/registry/pods/`, `/registry/apps/deployments/` */
export function prefixOf(kind: AnyKind): string {
  return kind.group ? `/registry/${kind.group}/${kind.plural}/` : `/registry/${kind.plural}/`
}

/** The key of one object below its kind's prefix. */
export function registryKey(prefix: string, namespace: string, name: string): string {
  return namespace ? `${prefix}${namespace}/${name}` : prefix + name
}
