/** How ClusterRoleBindings are created and changed. Mirrors `ValidateClusterRoleBinding`. */
import type { Strategy } from '../../define-kind.ts'
import { completeBinding, validateBinding, validateBindingUpdate } from '../shared/role-bindings.ts'
import type { ClusterRoleBinding } from './types.ts'

export const clusterRoleBindingStrategy: Strategy<ClusterRoleBinding> = {
  defaults: completeBinding,
  validate: binding => validateBinding(binding, false),
  validateUpdate: (next, old) => validateBindingUpdate(next, old, false),
  allowsCreateOnUpdate: true,
}
