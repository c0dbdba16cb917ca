/** The shape of a ComponentStatus. */
import type { ComponentCondition } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ComponentStatus extends KubeObject {
  conditions: ComponentCondition[]
}
