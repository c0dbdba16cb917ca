/** `kubectl get networkpolicies` */
import type { Column } from '../../define-kind.ts'
import { formatLabelSelector } from '../../selector.ts'
import { column } from '../shared/columns.ts'
import type { NetworkPolicy } from './types.ts'

export const networkPolicyColumns: readonly Column<NetworkPolicy>[] = [
  column('Pod-Selector', 'string', ({ spec }) => formatLabelSelector(spec.podSelector)),
]
