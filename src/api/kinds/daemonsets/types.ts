/** The shape of a DaemonSet. */
import type { DaemonSetSpec, DaemonSetStatus } from 'kubernetes-types/apps/v1.js'
import type { KubeObject } from '../../object.ts'

export interface DaemonSet extends KubeObject {
  spec: DaemonSetSpec
  status: DaemonSetStatus
}
