/** `kubectl get services` */
import { defineKind } from '../../define-kind.ts'
import type { Service } from './types.ts'

export const Services = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
})
