/** `kubectl get endpointslices` */
import { defineKind } from '../../define-kind.ts'
import { endpointSliceColumns } from './columns.ts'
import { endpointSliceStrategy } from './strategy.ts'
import type { EndpointSlice } from './types.ts'

export const EndpointSlices = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  isNamespaced: true,
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  columns: endpointSliceColumns,
  strategy: endpointSliceStrategy,
})
