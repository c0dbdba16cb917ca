/** `kubectl get statefulsets` */
import type { Column } from '../../define-kind.ts'
import { column, containerColumns } from '../shared/columns.ts'
import type { StatefulSet } from './types.ts'

export const statefulSetColumns: readonly Column<StatefulSet>[] = [
  column('Ready', 'string', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
  ...containerColumns<StatefulSet>(set => set.spec.template.spec!),
]
