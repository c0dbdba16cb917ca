/** The shape of an Ingress. */
import type { IngressSpec, IngressStatus } from 'kubernetes-types/networking/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Ingress extends KubeObject {
  spec: IngressSpec
  status: IngressStatus
}
