/** The shape of a Role. */
import type { KubeObject } from '../../object.ts'
import type { PolicyRule } from '../shared/policy-rules.ts'

export interface Role extends KubeObject {
  rules?: readonly PolicyRule[]
}
