/** The shape of a ReplicationController. */
import type { ReplicationControllerSpec, ReplicationControllerStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ReplicationController extends KubeObject {
  spec: ReplicationControllerSpec
  status: ReplicationControllerStatus
}
