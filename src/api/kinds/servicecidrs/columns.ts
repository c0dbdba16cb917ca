/** `kubectl get servicecidrs` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { ServiceCIDR } from './types.ts'

export const serviceCidrColumns: readonly Column<ServiceCIDR>[] = [
  column('CIDRs', 'string', ({ spec }) => spec.cidrs?.join(',') ?? ''),
]
