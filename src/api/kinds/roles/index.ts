/** `kubectl get roles` */
import { defineKind } from '../../define-kind.ts'
import { RBAC_GROUP } from '../shared/policy-rules.ts'
import { roleColumns } from './columns.ts'
import { roleStrategy } from './strategy.ts'
import type { Role } from './types.ts'

export const Roles = defineKind<Role>({
  group: RBAC_GROUP,
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  isNamespaced: true,
  schema: 'io.k8s.api.rbac.v1.Role',
  columns: roleColumns,
  columnsAreComplete: true,
  strategy: roleStrategy,
})
