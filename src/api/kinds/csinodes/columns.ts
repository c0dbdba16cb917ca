/** `kubectl get csinodes` */
import type { Column } from '../../define-kind.ts'
import { countColumn } from '../shared/columns.ts'
import type { CSINode } from './types.ts'

export const csiNodeColumns: readonly Column<CSINode>[] = [
  countColumn(
    'Drivers',
    'Drivers indicates the number of CSI drivers registered on the node',
    node => node.spec.drivers,
  ),
]
