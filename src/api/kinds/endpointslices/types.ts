/** The shape of a EndpointSlice. */
import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1.js'
import type { KubeObject } from '../../object.ts'

export interface EndpointSlice extends KubeObject {
  addressType: string
  endpoints: Endpoint[]
  ports?: EndpointPort[]
}
