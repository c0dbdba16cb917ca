/** The shape of an IPAddress: an address of a Service that nobody else may have. */
import type { KubeObject } from '../../object.ts'

export interface ParentReference {
  group?: string
  resource?: string
  namespace?: string
  name?: string
}

export interface IPAddress extends KubeObject {
  spec: { parentRef?: ParentReference }
}
