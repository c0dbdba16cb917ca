/** Deletes finished Jobs after `ttlSecondsAfterFinished`. Mirrors `pkg/controller/ttlafterfinished`. */
import { type Job, Jobs } from '../../api/index.ts'
import { type Controller, DONE, type Outcome, type View } from '../../client/index.ts'

export const ttlAfterFinishedController: Controller<Job> = {
  name: 'ttl-after-finished',
  eventSource: 'ttl-after-finished-controller',
  kind: Jobs,
  isRelevant: job => job.spec.ttlSecondsAfterFinished !== undefined && finishTimeMs(job) !== undefined,
  watches: [],
  indexes: [],
  reconcile,
}

function reconcile(job: Job | undefined, view: View): Outcome {
  const ttlSeconds = job?.spec.ttlSecondsAfterFinished
  if (!job || ttlSeconds === undefined || job.metadata.deletionTimestamp) return DONE
  const finishedMs = finishTimeMs(job)
  if (finishedMs === undefined) return DONE
  const leftMs = finishedMs + ttlSeconds * 1000 - view.nowMs
  if (leftMs > 0) return { intents: [], requeueAfterMs: leftMs }
  const options = { propagationPolicy: 'Foreground', preconditions: { uid: job.metadata.uid } } as const
  return { intents: [{ do: 'delete', kind: Jobs, object: job, options }] }
}

/** When the Job became Complete or Failed. */
function finishTimeMs(job: Job): number | undefined {
  const end = job.status.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )
  return end?.lastTransitionTime ? Date.parse(end.lastTransitionTime) : undefined
}
