/** The shape of a LimitRange. */
import type { LimitRangeSpec } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface LimitRange extends KubeObject {
  spec: LimitRangeSpec
}
