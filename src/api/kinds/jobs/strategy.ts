/** How Jobs are created and changed. Mirrors pkg/registry/batch/job/strategy.go. */

import { assert } from '../../../sim/index.ts'
import type { Strategy } from '../../define-kind.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts } from '../shared/rules.ts'
import { defaultJob, withTemplateLabels } from './defaults.ts'
import { JOB_LABELS, validateJob, validateJobUpdate } from './rules.ts'
import type { Job } from './types.ts'

export const jobStrategy: Strategy<Job> = {
  defaults: defaultJob,
  warnings: templateWarnings(job => job.spec?.template, 'spec.template'),
  prepareForCreate: job => ({ ...withGeneratedSelector(job), status: {} }),
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    return [
      ...errors,
      ...checkCounts(next.status, ['active', 'succeeded', 'failed', 'ready', 'terminating'], 'status'),
    ]
  },
  // batch/v1 keeps the habit of its first clients, which deleted the pods themselves.
  defaultPropagation: 'Orphan',
}

/** Gives the template labels that no other job has, and selects by them. Needs metadata.uid. */
function withGeneratedSelector(job: Job): Job {
  if (job.spec.manualSelector || !job.spec.template) return job
  // A job without a name is refused when it is validated.
  const { name = '', uid } = job.metadata
  assert(uid, 'a job has a uid before its selector is made of it')
  const { template } = job.spec
  const labels = {
    ...template.metadata?.labels,
    [JOB_LABELS.legacyControllerUid]: uid,
    [JOB_LABELS.controllerUid]: uid,
    [JOB_LABELS.legacyJobName]: name,
    [JOB_LABELS.jobName]: name,
  }
  const selector = job.spec.selector ?? {}
  const spec = {
    ...job.spec,
    selector: { ...selector, matchLabels: { ...selector.matchLabels, [JOB_LABELS.controllerUid]: uid } },
    template: { ...template, metadata: { ...template.metadata, labels } },
  }
  // Labels that came from the template by default are the template's, the new ones too.
  const isCopy = job.metadata.labels === template.metadata?.labels
  const metadata = isCopy ? { ...job.metadata, labels } : job.metadata
  return withTemplateLabels({ ...job, metadata, spec })
}
