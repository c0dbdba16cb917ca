/** `kubectl get services` */
import { defineKind } from '../../define-kind.ts'
import { serviceColumns } from './columns.ts'
import { serviceStrategy } from './strategy.ts'
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
  actions: { proxy: { verb: 'create', body: { group: '', version: 'v1', kind: 'ServiceProxyOptions' } } },
  schema: 'io.k8s.api.core.v1.Service',
  selectableFields: {
    'spec.clusterIP': service => service.spec.clusterIP ?? '',
    'spec.type': service => service.spec.type ?? '',
  },
  columns: serviceColumns,
  strategy: serviceStrategy,
})
