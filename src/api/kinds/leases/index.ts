/** `kubectl get leases` */
import { defineKind } from '../../define-kind.ts'
import { leaseColumns } from './columns.ts'
import { leaseStrategy } from './strategy.ts'
import type { Lease } from './types.ts'

export const Leases = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  isNamespaced: true,
  schema: 'io.k8s.api.coordination.v1.Lease',
  columns: leaseColumns,
  strategy: leaseStrategy,
})
