/** The shape of a FlowSchema. */
import type { FlowSchemaSpec, FlowSchemaStatus } from 'kubernetes-types/flowcontrol/v1.js'
import type { KubeObject } from '../../object.ts'

export interface FlowSchema extends KubeObject {
  spec: FlowSchemaSpec
  status: FlowSchemaStatus
}
