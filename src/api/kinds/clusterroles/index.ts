/** `kubectl get clusterroles` */
import { defineKind } from '../../define-kind.ts'
import { roleColumns } from '../roles/columns.ts'
import { RBAC_GROUP } from '../shared/policy-rules.ts'
import { clusterRoleStrategy } from './strategy.ts'
import type { ClusterRole } from './types.ts'

export const ClusterRoles = defineKind<ClusterRole>({
  group: RBAC_GROUP,
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  isNamespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  columns: roleColumns,
  columnsAreComplete: true,
  strategy: clusterRoleStrategy,
})
