/** The shape of a CronJob. */
import type { CronJobSpec, CronJobStatus } from 'kubernetes-types/batch/v1.js'
import type { KubeObject } from '../../object.ts'

export interface CronJob extends KubeObject {
  spec: CronJobSpec
  status: CronJobStatus
}
