/** What a Job must be like. Mirrors pkg/apis/batch/validation; failure and success policies are not looked into. */
import type { JobSpec } from 'kubernetes-types/batch/v1.js'
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { labelSelector } from '../../selector.ts'
import { isDns1123Subdomain, validateImmutable, validateLabelSelector } from '../../validation/index.ts'
import { validatePodTemplate } from '../pods/rules.ts'
import { goLabelSelector, invalidShown } from '../shared/go-values.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts, checkOneOf } from '../shared/rules.ts'
import { validateSelectorKept, validateSelectorMatches } from '../shared/workload-rules.ts'
import type { Job } from './types.ts'

/** Labels that tie a pod to its job; the legacy ones are from before labels of batch had a prefix. */
export const JOB_LABELS = Object.freeze({
  controllerUid: 'batch.kubernetes.io/controller-uid',
  jobName: 'batch.kubernetes.io/job-name',
  legacyControllerUid: 'controller-uid',
  legacyJobName: 'job-name',
  completionIndex: 'batch.kubernetes.io/job-completion-index',
})

export function validateJob(job: Job): FieldError[] {
  return [
    ...checkMetadata(job, isDns1123Subdomain),
    ...validateGeneratedSelector(job),
    ...validateSpec(job.spec),
  ]
}

function validateGeneratedSelector(job: Job): FieldError[] {
  const { manualSelector, selector, template } = job.spec
  if (manualSelector || !selector) return []
  const labels = template.metadata?.labels ?? {}
  const expected: Record<string, string> = {
    [JOB_LABELS.legacyControllerUid]: job.metadata.uid,
    [JOB_LABELS.controllerUid]: job.metadata.uid,
    [JOB_LABELS.legacyJobName]: job.metadata.name,
    [JOB_LABELS.jobName]: job.metadata.name,
  }
  const errors: FieldError[] = []
  for (const label in expected) {
    const path = 'spec.template.metadata.labels'
    if (labels[label] === undefined)
      errors.push(required(`${path}[${label}]`, `must be '${expected[label]}'`))
    else if (labels[label] !== expected[label]) {
      errors.push(invalidValue(`${path}[${label}]`, labels[label], `must be '${expected[label]}'`))
    }
  }
  const isWellFormed = validateLabelSelector(selector, '').length === 0
  if (isWellFormed && !labelSelector(selector).matches(expected)) {
    const detail = '`selector` not auto-generated'
    errors.push(invalidShown('spec.selector', goLabelSelector(selector), detail))
  }
  return errors
}

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const

const COMPLETION_MODES = ['NonIndexed', 'Indexed']
const REPLACEMENT_POLICIES = ['Failed', 'TerminatingOrFailed']

/** What holds of any job's spec, one in a template too, which has neither selector nor defaults yet. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const errors = checkCounts(spec, COUNTS, path)
  const { completionMode: mode, podReplacementPolicy: replacement } = spec
  if (mode !== undefined) errors.push(...checkOneOf(mode, `${path}.completionMode`, COMPLETION_MODES))
  if (mode === 'Indexed' && spec.completions == null) {
    errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  }
  if (replacement !== undefined) {
    errors.push(...checkOneOf(replacement, `${path}.podReplacementPolicy`, REPLACEMENT_POLICIES))
  }
  errors.push(...validatePodTemplate(spec.template, `${path}.template`))
  errors.push(...validateRestartPolicy(spec, path))
  return errors
}

function validateSpec(spec: JobSpec): FieldError[] {
  const errors = validateJobSpec(spec, 'spec')
  if (!spec.selector) errors.push(required('spec.selector'))
  else errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  errors.push(...validateSelectorMatches(spec.selector, spec.template))
  return errors
}

function validateRestartPolicy(spec: JobSpec, specPath: string): FieldError[] {
  const path = `${specPath}.template.spec.restartPolicy`
  const policy = spec.template?.spec?.restartPolicy
  // Always may be the default of somebody who said nothing.
  if (!policy || policy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never')
    return [notSupported(path, policy, ['OnFailure', 'Never'])]
  if (spec.podFailurePolicy && policy !== 'Never') {
    return [invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
  }
  return []
}

export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const errors = checkMetadataUpdate(next, old)
  const [spec, before] = [next.spec, old.spec]
  if (spec === before) return errors
  errors.push(...validateSpec(spec))
  errors.push(...validateCompletions(spec, before))
  errors.push(...validateSelectorKept(spec.selector, before.selector))
  errors.push(...validateTemplateKept(spec, old))
  errors.push(...validateImmutable(spec.completionMode, before.completionMode, 'spec.completionMode'))
  errors.push(...validateImmutable(spec.podFailurePolicy, before.podFailurePolicy, 'spec.podFailurePolicy'))
  const path = 'spec.backoffLimitPerIndex'
  errors.push(...validateImmutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, path))
  return errors
}

/** An indexed job may be made larger or smaller when completions and parallelism change together. */
function validateCompletions(spec: JobSpec, before: JobSpec): FieldError[] {
  const path = 'spec.completions'
  if (spec.completions === before.completions) return []
  const isElastic = before.completionMode === 'Indexed' && spec.completions != null
  if (!isElastic) return validateImmutable(spec.completions, before.completions, path)
  if (spec.completions === spec.parallelism) return []
  const detail = `can only be modified in tandem with spec.parallelism`
  return [invalidValue(path, spec.completions, detail)]
}

/** The template is fixed, save where its pods go while the job has never started. */
function validateTemplateKept(spec: JobSpec, old: Job): FieldError[] {
  const before = old.spec.template
  if (spec.template === before) return []
  const mayMove = old.spec.suspend === true && !old.status.startTime
  const template = mayMove ? withPlacementOf(spec.template, before) : spec.template
  if (semanticEqual(template, before)) return []
  return [invalidValue('spec.template', spec.template, 'field is immutable')]
}

function withPlacementOf(template: PodTemplateSpec, before: PodTemplateSpec): PodTemplateSpec {
  if (!template.spec || !before.spec) return template
  const { affinity, nodeSelector, tolerations, schedulingGates } = before.spec
  return {
    metadata: {
      ...template.metadata,
      annotations: before.metadata?.annotations,
      labels: before.metadata?.labels,
    },
    spec: { ...template.spec, affinity, nodeSelector, tolerations, schedulingGates },
  }
}
