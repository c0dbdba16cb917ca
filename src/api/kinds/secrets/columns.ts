/** `kubectl get secrets` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { Secret } from './types.ts'

export const secretColumns: readonly Column<Secret>[] = [
  column('Type', 'string', secret => secret.type ?? ''),
  column('Data', 'string', secret => Object.keys(secret.data ?? {}).length),
]
