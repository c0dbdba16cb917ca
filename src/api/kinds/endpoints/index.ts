/** `kubectl get endpoints` */
import { defineKind } from '../../define-kind.ts'
import { endpointsColumns } from './columns.ts'
import { endpointsStrategy } from './strategy.ts'
import type { EndpointsObject } from './types.ts'

export const Endpoints = defineKind<EndpointsObject>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.Endpoints',
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  columns: endpointsColumns,
  strategy: endpointsStrategy,
})
