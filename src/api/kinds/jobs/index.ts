/** `kubectl get jobs` */
import { defineKind } from '../../define-kind.ts'
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
})
