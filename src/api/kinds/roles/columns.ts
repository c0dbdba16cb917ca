/** `kubectl get roles`; ClusterRoles have the same. */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { Role } from './types.ts'

export const roleColumns: readonly Column<Role>[] = [
  { ...column<Role>('Name', 'string', role => role.metadata.name), format: 'name' },
  column('Created At', 'date', role => role.metadata.creationTimestamp),
]
