/** The shape of an IngressClass. */
import type { IngressClassSpec } from 'kubernetes-types/networking/v1.js'
import type { KubeObject } from '../../object.ts'

export interface IngressClass extends KubeObject {
  spec: IngressClassSpec
}
