/** `kubectl get csinodes` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { CSINode } from './types.ts'

export const csiNodeColumns: readonly Column<CSINode>[] = [
  {
    ...column<CSINode>('Drivers', 'integer', node => node.spec.drivers?.length ?? 0),
    description: 'Drivers indicates the number of CSI drivers registered on the node',
  },
]
