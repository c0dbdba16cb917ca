/** `kubectl get replicasets` */
import { defineKind } from '../../define-kind.ts'
import { scaleMapping } from '../shared/scale.ts'
import { replicaSetColumns } from './columns.ts'
import { replicaSetStrategy } from './strategy.ts'
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
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  selectableFields: { 'status.replicas': set => `${set.status.replicas ?? 0}` },
  scale: scaleMapping(),
  columns: replicaSetColumns,
  strategy: replicaSetStrategy,
})
