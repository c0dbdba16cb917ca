/** `kubectl get cronjobs` */
import type { Column } from '../../define-kind.ts'
import { age } from '../../duration.ts'
import { column, containerColumns, NONE, selectorColumn, UNSET } from '../shared/columns.ts'
import type { CronJob } from './types.ts'

export const cronJobColumns: readonly Column<CronJob>[] = [
  column('Schedule', 'string', job => job.spec.schedule),
  column('Timezone', 'string', job => job.spec.timeZone ?? NONE),
  column('Suspend', 'boolean', ({ spec: { suspend } }) => {
    return suspend === undefined ? UNSET : suspend ? 'True' : 'False'
  }),
  column('Active', 'integer', job => job.status.active?.length ?? 0),
  column('Last Schedule', 'string', ({ status: { lastScheduleTime } }, nowMs) => {
    return lastScheduleTime ? age(lastScheduleTime, nowMs) : NONE
  }),
  ...containerColumns<CronJob>(job => job.spec.jobTemplate.spec?.template.spec ?? { containers: [] }),
  selectorColumn<CronJob>(job => job.spec.jobTemplate.spec?.selector),
]
