/** `kubectl get replicasets` */
import { defineKind } from '../../define-kind.ts'
import type { ReplicaSet } from './types.ts'

export const ReplicaSets = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
})
