/** `kubectl get replicationcontrollers` */
import type { Column } from '../../define-kind.ts'
import { formatLabels } from '../../selector.ts'
import { column, containerColumns, wideColumn } from '../shared/columns.ts'
import type { ReplicationController } from './types.ts'

export const replicationControllerColumns: readonly Column<ReplicationController>[] = [
  column('Desired', 'integer', controller => controller.spec.replicas ?? 0),
  column('Current', 'integer', controller => controller.status.replicas ?? 0),
  column('Ready', 'integer', controller => controller.status.readyReplicas ?? 0),
  ...containerColumns<ReplicationController>(({ spec }) => spec.template?.spec ?? { containers: [] }),
  wideColumn('Selector', controller => formatLabels(controller.spec.selector)),
]
