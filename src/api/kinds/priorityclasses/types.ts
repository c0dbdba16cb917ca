/** The shape of a PriorityClass. */
import type { KubeObject } from '../../object.ts'

export interface PriorityClass extends KubeObject {
  value: number
  globalDefault?: boolean
  description?: string
  preemptionPolicy?: string
}
