/** The shape of a ClusterRole. */
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { KubeObject } from '../../object.ts'
import type { PolicyRule } from '../shared/policy-rules.ts'

export interface ClusterRole extends KubeObject {
  rules?: readonly PolicyRule[]
  /** The rules are those of all the roles that any of these selects; a controller keeps them so. */
  aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] }
}
