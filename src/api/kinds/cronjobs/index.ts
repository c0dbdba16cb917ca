/** `kubectl get cronjobs` */
import { defineKind } from '../../define-kind.ts'
import { cronJobColumns } from './columns.ts'
import { cronJobStrategy } from './strategy.ts'
import type { CronJob } from './types.ts'

export const CronJobs = defineKind<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.batch.v1.CronJob',
  columns: cronJobColumns,
  strategy: cronJobStrategy,
})
