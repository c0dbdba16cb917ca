/** `kubectl get jobs` */
import { isConditionTrue } from '../../conditions.ts'
import type { Column } from '../../define-kind.ts'
import { humanDuration } from '../../duration.ts'
import { column, containerColumns, selectorColumn } from '../shared/columns.ts'
import type { Job } from './types.ts'

export const jobColumns: readonly Column<Job>[] = [
  column('Status', 'string', jobStatusText),
  column('Completions', 'string', completionsText),
  column('Duration', 'string', durationText),
  ...containerColumns<Job>(job => job.spec.template.spec!),
  selectorColumn<Job>(job => job.spec.selector),
]

/** `Running`, `Complete`, `Failed`, `Suspended`. */
function jobStatusText(job: Job): string {
  const has = (type: string) => isConditionTrue(job, type)
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  if (has('Suspended')) return 'Suspended'
  if (has('FailureTarget')) return 'FailureTarget'
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

function completionsText(job: Job): string {
  const succeeded = job.status.succeeded ?? 0
  const { completions, parallelism = 0 } = job.spec
  if (completions !== undefined && completions !== null) return `${succeeded}/${completions}`
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationText(job: Job, nowMs: number): string {
  const { startTime, completionTime } = job.status
  if (!startTime) return ''
  return humanDuration((completionTime ? Date.parse(completionTime) : nowMs) - Date.parse(startTime))
}
