/** `kubectl get servicecidrs` */
import { defineKind } from '../../define-kind.ts'
import { serviceCidrColumns } from './columns.ts'
import { serviceCidrStrategy } from './strategy.ts'
import type { ServiceCIDR } from './types.ts'

export const ServiceCIDRs = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.networking.v1.ServiceCIDR',
  columns: serviceCidrColumns,
  strategy: serviceCidrStrategy,
})
