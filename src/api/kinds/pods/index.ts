/** `kubectl get pods` */
import { defineKind } from '../../define-kind.ts'
import type { Pod } from './types.ts'

export const Pods = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  watchIndex: 'spec.nodeName',
  selectableFields: {
    'spec.nodeName': pod => pod.spec.nodeName ?? '',
    'status.phase': pod => pod.status.phase ?? '',
  },
})
