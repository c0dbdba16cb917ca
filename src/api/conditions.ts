/** Looking into `status.conditions`, which every kind that has them shapes alike. Mirrors `meta.FindStatusCondition`. */
import type { KubeObject } from './object.ts'

interface AnyCondition {
  readonly type: string
  readonly status: string
}

/** Anything with conditions. */
interface Conditioned<C> {
  readonly status?: { readonly conditions?: readonly C[] }
}

/** The condition of that type, if the object has it. */
export function findCondition<C extends { readonly type: string } = AnyCondition>(
  object: Conditioned<C> | KubeObject | undefined,
  type: string,
): C | undefined {
  const conditions = (object as Conditioned<C> | undefined)?.status?.conditions
  if (!conditions) return undefined
  // Counted and not iterated: indexes ask this about every change of every pod.
  for (let i = 0; i < conditions.length; i++) if (conditions[i]!.type === type) return conditions[i]
  return undefined
}

/** Whether the object has the condition, and it is `True`: neither `False`, `Unknown` nor absent. */
export function isConditionTrue(
  object: Conditioned<AnyCondition> | KubeObject | undefined,
  type: string,
): boolean {
  return findCondition(object, type)?.status === 'True'
}
