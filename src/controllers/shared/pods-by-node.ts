/** Pods by the node they are bound to. */
import { type Pod, Pods } from '../../api/index.ts'
import type { CacheIndex } from '../../client/index.ts'

export const PODS_BY_NODE: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-by-node',
  values: pod => (pod.spec.nodeName ? [pod.spec.nodeName] : []),
  isSame: (pod, old) => pod.spec.nodeName === old.spec.nodeName,
}
