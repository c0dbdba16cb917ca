/** `kubectl get clusterrolebindings` */
import { defineKind } from '../../define-kind.ts'
import { RBAC_GROUP } from '../shared/policy-rules.ts'
import { bindingColumns } from '../shared/role-bindings.ts'
import { clusterRoleBindingStrategy } from './strategy.ts'
import type { ClusterRoleBinding } from './types.ts'

export const ClusterRoleBindings = defineKind<ClusterRoleBinding>({
  group: RBAC_GROUP,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  isNamespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  columns: bindingColumns,
  strategy: clusterRoleBindingStrategy,
})
