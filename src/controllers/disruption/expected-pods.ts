/**
 * How many pods there should be, and so how many must stay: the scales of the pods' controllers, counted once
 * each. Mirrors the scale finders of `pkg/controller/disruption`; differs in knowing built-in kinds only: a pod
 * that a custom resource controls makes the sync fail, as one without a scale subresource does upstream.
 */
import {
  type AnyKind,
  controllerOf,
  KINDS,
  type KubeObject,
  type OwnerReference,
  type Pod,
  type PodDisruptionBudget,
  ReplicaSets,
  scaledValue,
} from '../../api/index.ts'
import type { View } from '../../client/index.ts'

export interface Expectation {
  readonly expectedCount: number
  readonly desiredHealthy: number
  /** Pods that nobody controls, where that makes a difference: `namespace/name`. */
  readonly unmanaged: readonly string[]
}

/** What the budget demands of its pods; a text says why that cannot be worked out. */
export function expectationOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  view: View,
): Expectation | string {
  const { minAvailable, maxUnavailable } = budget.spec
  if (maxUnavailable !== undefined) {
    const scale = scaleOf(pods, view)
    if (typeof scale === 'string') return scale
    const unavailable = scaledValue(maxUnavailable, scale.expectedCount, 'up')
    return { ...scale, desiredHealthy: Math.max(0, scale.expectedCount - unavailable) }
  }
  if (minAvailable === undefined) return { expectedCount: 0, desiredHealthy: 0, unmanaged: [] }
  if (typeof minAvailable === 'number') {
    return { expectedCount: pods.length, desiredHealthy: minAvailable, unmanaged: [] }
  }
  const scale = scaleOf(pods, view)
  if (typeof scale === 'string') return scale
  return { ...scale, desiredHealthy: scaledValue(minAvailable, scale.expectedCount, 'up') }
}

type Scale = Pick<Expectation, 'expectedCount' | 'unmanaged'>

function scaleOf(pods: readonly Pod[], view: View): Scale | string {
  const replicasByUid = new Map<string, number>()
  const seen = new Set<string>()
  const unmanaged: string[] = []
  for (const pod of pods) {
    const { namespace = '', name } = pod.metadata
    const controller = controllerOf(pod)
    if (!controller) {
      unmanaged.push(`${namespace}/${name}`)
      continue
    }
    if (seen.has(controller.uid)) continue
    seen.add(controller.uid)
    const top = scaledOwner(controller, namespace, view)
    if (typeof top === 'string') return top
    if (!top) return `found no controllers for pod ${JSON.stringify(name)}`
    replicasByUid.set(top.object.metadata.uid, top.kind.scale!.specReplicas(top.object))
  }
  let expectedCount = 0
  for (const replicas of replicasByUid.values()) expectedCount += replicas
  return { expectedCount, unmanaged }
}

interface Scaled {
  readonly kind: AnyKind
  readonly object: KubeObject
}

/** The controller, or the Deployment over a ReplicaSet; undefined when it is gone, a text when it has no scale. */
function scaledOwner(reference: OwnerReference, namespace: string, view: View): Scaled | string | undefined {
  const kind = KINDS.find(one => one.kind === reference.kind && one.apiVersion === reference.apiVersion)
  if (!kind?.scale) {
    const resource = kind ? `${kind.plural}.${kind.group}` : reference.kind
    return `${resource} does not implement the scale subresource`
  }
  const object = view.get<KubeObject>(kind, namespace, reference.name)
  if (object?.metadata.uid !== reference.uid) return undefined
  const above = kind === ReplicaSets ? controllerOf(object) : undefined
  if (!above) return { kind, object }
  return scaledOwner(above, namespace, view)
}
