/** `kubectl get daemonsets` */
import type { Column } from '../../define-kind.ts'
import { formatLabels } from '../../selector.ts'
import { column, containerColumns, selectorColumn } from '../shared/columns.ts'
import type { DaemonSet } from './types.ts'

export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  column('Desired', 'integer', set => set.status.desiredNumberScheduled ?? 0),
  column('Current', 'integer', set => set.status.currentNumberScheduled ?? 0),
  column('Ready', 'integer', set => set.status.numberReady ?? 0),
  column('Up-to-date', 'integer', set => set.status.updatedNumberScheduled ?? 0),
  column('Available', 'integer', set => set.status.numberAvailable ?? 0),
  column('Node Selector', 'string', set => formatLabels(set.spec.template.spec?.nodeSelector)),
  ...containerColumns<DaemonSet>(set => set.spec.template.spec!),
  selectorColumn<DaemonSet>(set => set.spec.selector),
]
