/** `kubectl get daemonsets` */
import { defineKind } from '../../define-kind.ts'
import { daemonSetColumns } from './columns.ts'
import { daemonSetStrategy } from './strategy.ts'
import type { DaemonSet } from './types.ts'

export const DaemonSets = defineKind<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.apps.v1.DaemonSet',
  columns: daemonSetColumns,
  strategy: daemonSetStrategy,
})
