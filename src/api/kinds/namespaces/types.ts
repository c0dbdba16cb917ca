/** The shape of a Namespace. */
import type { NamespaceSpec, NamespaceStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Namespace extends KubeObject {
  spec: NamespaceSpec
  status: NamespaceStatus
}
