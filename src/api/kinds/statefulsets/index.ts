/** `kubectl get statefulsets` */
import { defineKind } from '../../define-kind.ts'
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
})
