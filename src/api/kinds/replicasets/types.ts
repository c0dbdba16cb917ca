/** The shape of a ReplicaSet. */
import type { ReplicaSetSpec, ReplicaSetStatus } from 'kubernetes-types/apps/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ReplicaSet extends KubeObject {
  spec: ReplicaSetSpec
  status: ReplicaSetStatus
}
