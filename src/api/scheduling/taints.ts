/** Taints and the tolerations that overlook them. Mirrors `k8s.io/component-helpers/scheduling/corev1`. */
import type { Taint, Toleration } from 'kubernetes-types/core/v1.js'

/** Whether one toleration covers a taint; an empty key with `Exists` covers all, an empty effect every effect. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  if (toleration.operator && toleration.operator !== 'Equal') return false
  return (toleration.value ?? '') === (taint.value ?? '')
}

/** The first taint that none of the tolerations covers. */
export function findUntolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  for (const taint of taints) {
    if (!tolerations?.some(toleration => tolerates(toleration, taint))) return taint
  }
  return undefined
}
