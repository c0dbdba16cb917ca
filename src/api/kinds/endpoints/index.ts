/** `kubectl get endpoints` */
import { defineKind } from '../../define-kind.ts'
import type { EndpointsObject } from './types.ts'

export const Endpoints = defineKind<EndpointsObject>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  isNamespaced: true,
})
