/** `kubectl get statefulsets` */
import { defineKind } from '../../define-kind.ts'
import { scaleMapping } from '../shared/scale.ts'
import { statefulSetColumns } from './columns.ts'
import { statefulSetStrategy } from './strategy.ts'
import type { StatefulSet } from './types.ts'

export const StatefulSets = defineKind<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.apps.v1.StatefulSet',
  scale: scaleMapping(),
  columns: statefulSetColumns,
  strategy: statefulSetStrategy,
})
