/** How CronJobs are created and changed. Mirrors pkg/apis/batch (defaults and validation). */
import type { CronJobSpec, JobTemplateSpec } from 'kubernetes-types/batch/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { validateJobSpec } from '../jobs/rules.ts'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { changeField, completing, decoding, fill } from '../shared/fill.ts'
import { goLabelSelector, invalidShown } from '../shared/go-values.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts, checkOneOf } from '../shared/rules.ts'
import { scheduleComplaint, timeZoneComplaint } from './schedule-rules.ts'
import type { CronJob } from './types.ts'

/** Jobs add eleven characters to the name. */
const NAME_MAXIMUM = 52
const POLICIES = ['Allow', 'Forbid', 'Replace']

export const cronJobStrategy: Strategy<CronJob> = {
  defaults: decoding('CronJob', 'v1', job => changeField(job, 'spec', defaultSpec)),
  warnings: templateWarnings(job => job.spec?.jobTemplate?.spec?.template, 'spec.jobTemplate.spec.template'),
  prepareForCreate: job => ({ ...job, status: {} }),
  validate(job) {
    const errors = [...checkMetadata(job, isDns1123Subdomain), ...validateSpec(job.spec ?? {})]
    const { name } = job.metadata
    if (name.length <= NAME_MAXIMUM) return errors
    return [...errors, invalidValue('metadata.name', name, `must be no more than ${NAME_MAXIMUM} characters`)]
  },
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
  validateStatusUpdate: checkMetadataUpdate,
}

const defaultSpec = completing((spec: CronJobSpec): CronJobSpec => {
  const complete = fill(spec, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  })
  return changeField(complete, 'jobTemplate', template =>
    changeField(template, 'spec', job => changeField(job, 'template', defaultPodTemplate)),
  )
})

function validateSpec(spec: Partial<CronJobSpec>): FieldError[] {
  const errors = validateSchedule(spec)
  errors.push(...checkCounts(spec, ['startingDeadlineSeconds'], 'spec'))
  errors.push(...checkOneOf(spec.concurrencyPolicy, 'spec.concurrencyPolicy', POLICIES))
  errors.push(...validateTemplate(spec.jobTemplate ?? {}, 'spec.jobTemplate'))
  return [...errors, ...checkCounts(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'], 'spec')]
}

function validateSchedule({ schedule, timeZone }: Partial<CronJobSpec>): FieldError[] {
  if (!schedule) return [required('spec.schedule')]
  const errors: FieldError[] = []
  const complaint = scheduleComplaint(schedule)
  if (complaint !== undefined) errors.push(invalidValue('spec.schedule', schedule, complaint))
  if (schedule.includes('TZ')) {
    const detail =
      timeZone === undefined
        ? 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
        : 'cannot use both timeZone field and TZ or CRON_TZ in schedule'
    errors.push(invalidValue('spec.schedule', schedule, detail))
  }
  if (timeZone === undefined) return errors
  const zoneComplaint = timeZoneComplaint(timeZone)
  return zoneComplaint ? [...errors, invalidValue('spec.timeZone', timeZone, zoneComplaint)] : errors
}

/** A job as a template has it: its selector is made with the job. */
function validateTemplate({ spec }: JobTemplateSpec, path: string): FieldError[] {
  const specPath = `${path}.spec`
  const errors = validateJobSpec(spec ?? ({} as NonNullable<typeof spec>), specPath)
  if (spec?.selector) {
    const detail = '`selector` will be auto-generated'
    errors.push(invalidShown(`${specPath}.selector`, goLabelSelector(spec.selector), detail))
  }
  if (spec?.manualSelector) errors.push(notSupported(`${specPath}.manualSelector`, true, ['nil', 'false']))
  return errors
}
