/** `kubectl get resourcequotas` */
import { defineKind } from '../../define-kind.ts'
import { resourceQuotaColumns } from './columns.ts'
import { resourceQuotaStrategy } from './strategy.ts'
import type { ResourceQuota } from './types.ts'

export const ResourceQuotas = defineKind<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  columns: resourceQuotaColumns,
  strategy: resourceQuotaStrategy,
})
