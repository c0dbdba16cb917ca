/** `kubectl get ingresses` */
import { defineKind } from '../../define-kind.ts'
import { ingressColumns } from './columns.ts'
import { ingressStrategy } from './strategy.ts'
import type { Ingress } from './types.ts'

export const Ingresses = defineKind<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.networking.v1.Ingress',
  columns: ingressColumns,
  strategy: ingressStrategy,
})
