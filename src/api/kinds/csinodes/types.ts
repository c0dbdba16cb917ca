/** The shape of a CSINode. */
import type { CSINodeSpec } from 'kubernetes-types/storage/v1.js'
import type { KubeObject } from '../../object.ts'

export interface CSINode extends KubeObject {
  spec: CSINodeSpec
}
