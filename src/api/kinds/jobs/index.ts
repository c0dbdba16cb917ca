/** `kubectl get jobs` */
import { defineKind } from '../../define-kind.ts'
import { jobColumns } from './columns.ts'
import { jobStrategy } from './strategy.ts'
import type { Job } from './types.ts'

export const Jobs = defineKind<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.batch.v1.Job',
  selectableFields: { 'status.successful': job => `${job.status.succeeded ?? 0}` },
  columns: jobColumns,
  strategy: jobStrategy,
})
