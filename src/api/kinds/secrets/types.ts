/** The shape of a Secret. */
import type { KubeObject } from '../../object.ts'

export interface Secret extends KubeObject {
  type?: string
  data?: Record<string, string>
  stringData?: Record<string, string>
  immutable?: boolean
}
