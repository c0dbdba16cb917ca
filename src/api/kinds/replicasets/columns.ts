/** `kubectl get replicasets` */
import type { Column } from '../../define-kind.ts'
import { column, containerColumns, selectorColumn } from '../shared/columns.ts'
import type { ReplicaSet } from './types.ts'

export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  column('Desired', 'integer', set => set.spec.replicas ?? 0),
  column('Current', 'integer', set => set.status.replicas ?? 0),
  column('Ready', 'integer', set => set.status.readyReplicas ?? 0),
  ...containerColumns<ReplicaSet>(set => set.spec.template?.spec ?? { containers: [] }),
  selectorColumn<ReplicaSet>(set => set.spec.selector),
]
