/** The shape of a CSIDriver. */
import type { CSIDriverSpec } from 'kubernetes-types/storage/v1.js'
import type { KubeObject } from '../../object.ts'

export interface CSIDriver extends KubeObject {
  spec: CSIDriverSpec
}
