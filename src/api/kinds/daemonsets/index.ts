/** `kubectl get daemonsets` */
import { defineKind } from '../../define-kind.ts'
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
})
