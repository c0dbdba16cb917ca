/** `kubectl get endpointslices` */
import { defineKind } from '../../define-kind.ts'
import type { EndpointSlice } from './types.ts'

export const EndpointSlices = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  isNamespaced: true,
})
