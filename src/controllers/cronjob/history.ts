/** Finished Jobs beyond those that a CronJob keeps, oldest first. Mirrors `cleanupFinishedJobs`. */
import type { CronJob, Job } from '../../api/index.ts'

export function surplusJobs({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  return [
    ...beyond(jobs, 'Complete', spec.successfulJobsHistoryLimit),
    ...beyond(jobs, 'Failed', spec.failedJobsHistoryLimit),
  ]
}

function beyond(jobs: readonly Job[], type: 'Complete' | 'Failed', limit: number | undefined): Job[] {
  if (limit === undefined) return []
  const finished = jobs.filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp &&
      status.conditions?.some(condition => condition.type === type && condition.status === 'True'),
  )
  const oldestFirst = finished.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
  return oldestFirst.slice(0, Math.max(0, finished.length - limit))
}

function startOf({ metadata, status }: Job): string {
  return `${status.startTime ?? ''} ${metadata.name}`
}
