/** Where objects stand in etcd: the names that traces use for their subjects. */
import { type AnyKind, type KubeObject, keyOf } from '../api/index.ts'

/** `/registry/pods/`, `/registry/apps/deployments/`: what comes before `namespace/name`. */
export function registryPrefix(kind: AnyKind): string {
  return kind.group ? `/registry/${kind.group}/${kind.plural}/` : `/registry/${kind.plural}/`
}

/** `/registry/pods/default/web`. */
export function registryKey(kind: AnyKind, object: KubeObject): string {
  return registryPrefix(kind) + keyOf(object)
}
