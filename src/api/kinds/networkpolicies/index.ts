/** `kubectl get networkpolicies` */
import { defineKind } from '../../define-kind.ts'
import { networkPolicyColumns } from './columns.ts'
import { networkPolicyStrategy } from './strategy.ts'
import type { NetworkPolicy } from './types.ts'

export const NetworkPolicies = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  isNamespaced: true,
  schema: 'io.k8s.api.networking.v1.NetworkPolicy',
  columns: networkPolicyColumns,
  strategy: networkPolicyStrategy,
})
