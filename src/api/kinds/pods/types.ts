/** The shape of a Pod. */
import type { PodSpec, PodStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Pod extends KubeObject {
  spec: PodSpec
  status: PodStatus
}
