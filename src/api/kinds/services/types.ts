/** The shape of a Service. */
import type { ServiceSpec, ServiceStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Service extends KubeObject {
  spec: ServiceSpec
  status: ServiceStatus
}
