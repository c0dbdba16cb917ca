/** How RoleBindings are created and changed. Mirrors `ValidateRoleBinding`. */
import type { Strategy } from '../../define-kind.ts'
import { completeBinding, validateBinding, validateBindingUpdate } from '../shared/role-bindings.ts'
import type { RoleBinding } from './types.ts'

export const roleBindingStrategy: Strategy<RoleBinding> = {
  defaults: completeBinding,
  validate: binding => validateBinding(binding, true),
  validateUpdate: (next, old) => validateBindingUpdate(next, old, true),
  allowsCreateOnUpdate: true,
}
