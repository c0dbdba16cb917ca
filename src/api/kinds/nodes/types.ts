/** The shape of a Node. */
import type { NodeSpec, NodeStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Node extends KubeObject {
  spec: NodeSpec
  status: NodeStatus
}
