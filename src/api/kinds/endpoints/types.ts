/** The shape of a Endpoints. */
import type { EndpointSubset } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface EndpointsObject extends KubeObject {
  subsets?: EndpointSubset[]
}
