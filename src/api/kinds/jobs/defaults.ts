/** `SetDefaults_Job` of pkg/apis/batch/v1/defaults.go. */
import type { JobSpec } from 'kubernetes-types/batch/v1.js'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { changeField, completing, decoding, fill, mapKept, withField } from '../shared/fill.ts'
import type { Job } from './types.ts'

const MAXIMUM_INT32 = 2 ** 31 - 1

export const defaultJob: (job: Job) => Job = decoding('Job', 'v1', job => {
  if (!job.spec) return job
  return withTemplateLabels(withField(job, 'spec', defaultSpec(job.spec)))
})

/** A job without labels shows its template's. */
export function withTemplateLabels(job: Job): Job {
  const labels = job.spec.template?.metadata?.labels
  if (!labels || Object.keys(job.metadata.labels ?? {}).length > 0) return job
  return { ...job, metadata: { ...job.metadata, labels } }
}

const defaultSpec = completing((spec: JobSpec): JobSpec => {
  const isSingle = spec.completions == null && spec.parallelism == null
  let complete = fill(spec, {
    ...(isSingle && { completions: 1 }),
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex == null ? 6 : MAXIMUM_INT32,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  })
  complete = changeField(complete, 'podFailurePolicy', policy =>
    changeField(policy, 'rules', rules =>
      mapKept(rules, rule =>
        changeField(rule, 'onPodConditions', patterns =>
          mapKept(patterns, pattern => fill(pattern, { status: 'True' })),
        ),
      ),
    ),
  )
  return changeField(complete, 'template', defaultPodTemplate)
})
