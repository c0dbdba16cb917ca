/** The shape of a PriorityLevelConfiguration. */
import type {
  PriorityLevelConfigurationSpec,
  PriorityLevelConfigurationStatus,
} from 'kubernetes-types/flowcontrol/v1.js'
import type { KubeObject } from '../../object.ts'

export interface PriorityLevelConfiguration extends KubeObject {
  spec: PriorityLevelConfigurationSpec
  status: PriorityLevelConfigurationStatus
}
