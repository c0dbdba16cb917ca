/** `kubectl get runtimeclasses` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { RuntimeClass } from './types.ts'

export const runtimeClassColumns: readonly Column<RuntimeClass>[] = [
  column('Handler', 'string', runtimeClass => runtimeClass.handler ?? ''),
]
