/** The shape of a PodTemplate. */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface PodTemplate extends KubeObject {
  template: PodTemplateSpec
}
