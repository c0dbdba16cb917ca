/** The shape of a Job. */
import type { JobSpec, JobStatus } from 'kubernetes-types/batch/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Job extends KubeObject {
  spec: JobSpec
  status: JobStatus
}
