/** The shape of a StatefulSet. */
import type { StatefulSetSpec, StatefulSetStatus } from 'kubernetes-types/apps/v1.js'
import type { KubeObject } from '../../object.ts'

export interface StatefulSet extends KubeObject {
  spec: StatefulSetSpec
  status: StatefulSetStatus
}
