/** The shape of a HorizontalPodAutoscaler. */
import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
} from 'kubernetes-types/autoscaling/v2.js'
import type { KubeObject } from '../../object.ts'

export interface HorizontalPodAutoscaler extends KubeObject {
  spec: HorizontalPodAutoscalerSpec
  status: Partial<HorizontalPodAutoscalerStatus>
}
