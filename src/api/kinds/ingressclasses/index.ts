/** `kubectl get ingressclasses` */
import { defineKind } from '../../define-kind.ts'
import { ingressClassColumns } from './columns.ts'
import { ingressClassStrategy } from './strategy.ts'
import type { IngressClass } from './types.ts'

export const IngressClasses = defineKind<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  isNamespaced: false,
  schema: 'io.k8s.api.networking.v1.IngressClass',
  columns: ingressClassColumns,
  strategy: ingressClassStrategy,
})
