/** `kubectl get namespaces` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { Namespace } from './types.ts'

export const namespaceColumns: readonly Column<Namespace>[] = [
  column('Status', 'string', namespace => namespace.status.phase ?? ''),
]
