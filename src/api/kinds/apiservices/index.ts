/** `kubectl get apiservices` */
import { defineKind } from '../../define-kind.ts'
import { apiServiceColumns } from './columns.ts'
import { apiServiceStrategy } from './strategy.ts'
import type { APIService } from './types.ts'

export const APIServices = defineKind<APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  categories: ['api-extensions'],
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
  columns: apiServiceColumns,
  strategy: apiServiceStrategy,
})
