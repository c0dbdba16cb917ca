/** The shape of a ClusterRoleBinding. */
import type { Binding } from '../shared/role-bindings.ts'

export interface ClusterRoleBinding extends Binding {}
