/** The shape of a NetworkPolicy. */
import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1.js'
import type { KubeObject } from '../../object.ts'

export interface NetworkPolicy extends KubeObject {
  spec: NetworkPolicySpec
}
