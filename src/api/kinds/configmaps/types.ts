/** The shape of a ConfigMap. */
import type { KubeObject } from '../../object.ts'

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  binaryData?: Record<string, string>
  immutable?: boolean
}
