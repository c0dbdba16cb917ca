/** The shape of a RoleBinding. */
import type { Binding } from '../shared/role-bindings.ts'

export interface RoleBinding extends Binding {}
