/** The shape of a ControllerRevision. */
import type { KubeObject } from '../../object.ts'

export interface ControllerRevision extends KubeObject {
  data?: unknown
  revision: number
}
