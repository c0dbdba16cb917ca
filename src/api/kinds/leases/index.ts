/** `kubectl get leases` */
import { defineKind } from '../../define-kind.ts'
import type { Lease } from './types.ts'

export const Leases = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  isNamespaced: true,
})
