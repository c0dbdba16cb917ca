/** `kubectl get rolebindings` */
import { defineKind } from '../../define-kind.ts'
import { RBAC_GROUP } from '../shared/policy-rules.ts'
import { bindingColumns } from '../shared/role-bindings.ts'
import { roleBindingStrategy } from './strategy.ts'
import type { RoleBinding } from './types.ts'

export const RoleBindings = defineKind<RoleBinding>({
  group: RBAC_GROUP,
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  isNamespaced: true,
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  columns: bindingColumns,
  strategy: roleBindingStrategy,
})
