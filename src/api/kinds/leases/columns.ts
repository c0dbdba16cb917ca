/** `kubectl get leases` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { Lease } from './types.ts'

export const leaseColumns: readonly Column<Lease>[] = [
  column('Holder', 'string', lease => lease.spec.holderIdentity ?? ''),
]
