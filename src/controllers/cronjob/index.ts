/**
 * Makes a Job for every moment of a schedule. Mirrors `pkg/controller/cronjob` (cronjob_controllerv2); differs in
 * entering a Job into the list of active ones when it is seen in the cache, in a reconcile of its own.
 */
import { type CronJob, CronJobs, controllerOf, deepEqual, type Job, Jobs } from '../../api/index.ts'
import {
  type CacheIndex,
  type Controller,
  DONE,
  type Intent,
  type Outcome,
  type View,
} from '../../client/index.ts'
import { formatTime } from '../../sim/index.ts'
import { controllerIn, controllerRef } from '../shared/controller-ref.ts'
import { eventAbout } from '../shared/event-about.ts'
import { surplusJobs } from './history.ts'
import { dueRun } from './runs.ts'
import { formatIn, readSchedule } from './schedule.ts'

const SCHEDULED_ANNOTATION = 'batch.kubernetes.io/cronjob-scheduled-timestamp'
/** The timer goes off a little after the moment, as upstream's. */
const TIMER_SLACK_MS = 100

const JOBS_BY_CRONJOB: CacheIndex<Job> = {
  kind: Jobs,
  name: 'jobs-by-cronjob',
  values: job => {
    const controller = controllerOf(job)
    return controller?.kind === CronJobs.kind ? [controller.uid] : []
  },
  isSame: (job, old) => job.metadata.ownerReferences === old.metadata.ownerReferences,
}

export const cronJobController: Controller<CronJob> = {
  name: 'cronjob',
  eventSource: 'cronjob-controller',
  kind: CronJobs,
  watches: [
    {
      kind: Jobs,
      keys: (job: Job, _old, _event, view) => {
        const owner = controllerIn(view, job, CronJobs)
        return owner ? [`${owner.metadata.namespace}/${owner.metadata.name}`] : []
      },
    },
  ],
  indexes: [JOBS_BY_CRONJOB],
  expects: [Jobs],
  reconcile,
}

type Active = NonNullable<CronJob['status']['active']>

function reconcile(cronJob: CronJob | undefined, view: View): Outcome {
  if (!cronJob || cronJob.metadata.deletionTimestamp) return DONE
  const jobs = view.list(JOBS_BY_CRONJOB, cronJob.metadata.uid)
  const seen = look(cronJob, jobs, view)
  const surplus = surplusJobs(cronJob, jobs)
  const cleaning = [...seen.events, ...surplus.flatMap(job => removal(cronJob, job))]
  if (cronJob.spec.suspend) {
    return { intents: [...cleaning, ...statusWrite(cronJob, seen.status)] }
  }
  const run = nextRun({ ...cronJob, status: seen.status }, jobs, view)
  return { intents: [...cleaning, ...run.intents, ...statusWrite(cronJob, run.status)], ...run.timer }
}

/** What has become of the Jobs since the status was written. */
function look(cronJob: CronJob, jobs: readonly Job[], view: View) {
  const events: Intent[] = []
  const listed = cronJob.status.active ?? []
  const active: Active = []
  let { lastSuccessfulTime } = cronJob.status
  for (const job of jobs) {
    const { name, namespace, uid, resourceVersion } = job.metadata
    const known = listed.find(one => one.uid === uid)
    const end = job.status.conditions?.find(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    )
    if (end) {
      if (known) {
        const message = `Saw completed job: ${name}, condition: ${end.type}`
        events.push(eventAbout(cronJob, 'Normal', 'SawCompletedJob', message))
      }
      const completed = end.type === 'Complete' ? job.status.completionTime : undefined
      if (completed && (!lastSuccessfulTime || completed > lastSuccessfulTime)) lastSuccessfulTime = completed
    } else if (known) active.push(known)
    else if (job.metadata.annotations?.[SCHEDULED_ANNOTATION] !== undefined) {
      active.push({ kind: Jobs.kind, apiVersion: Jobs.apiVersion, namespace, name, uid, resourceVersion })
    } else {
      const message = `Saw a job that the controller did not create or forgot: ${name}`
      events.push(eventAbout(cronJob, 'Warning', 'UnexpectedJob', message))
    }
  }
  for (const { uid, name = '', namespace = '' } of listed) {
    if (jobs.some(job => job.metadata.uid === uid) || view.get(Jobs, namespace, name)) continue
    events.push(eventAbout(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`))
  }
  return { events, status: statusOf(cronJob.status, active, lastSuccessfulTime) }
}

/** `active` in order of names, absent when empty. */
function statusOf(
  { lastScheduleTime }: CronJob['status'],
  active: Active,
  lastSuccessfulTime: string | undefined,
): CronJob['status'] {
  const sorted = [...active].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
  return {
    ...(sorted.length > 0 && { active: sorted }),
    ...(lastScheduleTime && { lastScheduleTime }),
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
  }
}

interface Run {
  readonly intents: readonly Intent[]
  readonly status: CronJob['status']
  readonly timer: { readonly requeueAfterMs?: number }
}

/** The Job that is due, if any, and when to look again. */
function nextRun(cronJob: CronJob, jobs: readonly Job[], view: View): Run {
  const { spec, status } = cronJob
  const { nowMs } = view
  const schedule = readSchedule(spec.schedule, spec.timeZone)
  const nextMs = schedule.next(nowMs)
  const timer = nextMs === undefined ? {} : { requeueAfterMs: nextMs - nowMs + TIMER_SLACK_MS }
  const events: Intent[] = []
  const { dueMs, hasMissedMany } = dueRun(cronJob, schedule, nowMs)
  if (hasMissedMany) {
    const message =
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
    events.push(eventAbout(cronJob, 'Warning', 'TooManyMissedTimes', message))
  }
  if (dueMs === undefined) return { intents: events, status, timer }
  const { startingDeadlineSeconds: deadline, concurrencyPolicy } = spec
  if (deadline !== undefined && dueMs + deadline * 1000 < nowMs) {
    const message = `Missed scheduled time to start a job: ${new Date(dueMs).toUTCString().replace('GMT', '+0000')}`
    return { intents: [...events, eventAbout(cronJob, 'Warning', 'MissSchedule', message)], status, timer }
  }
  const running = jobs.filter(job => status.active?.some(({ uid }) => uid === job.metadata.uid))
  if (concurrencyPolicy === 'Forbid' && running.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    return { intents: [...events, eventAbout(cronJob, 'Normal', 'JobAlreadyActive', message)], status, timer }
  }
  const replaced = concurrencyPolicy === 'Replace' ? running : []
  const left = status.active?.filter(({ uid }) => !replaced.some(job => job.metadata.uid === uid)) ?? []
  return {
    intents: [...events, ...replaced.flatMap(job => removal(cronJob, job)), creation(cronJob, dueMs)],
    status: {
      ...statusOf(status, left, status.lastSuccessfulTime),
      lastScheduleTime: formatTime(dueMs),
    },
    timer,
  }
}

function creation(cronJob: CronJob, dueMs: number): Intent {
  const { name, namespace } = cronJob.metadata
  const { jobTemplate, timeZone = 'UTC' } = cronJob.spec
  const object = {
    apiVersion: Jobs.apiVersion,
    kind: Jobs.kind,
    metadata: {
      name: `${name}-${Math.floor(dueMs / 60_000)}`,
      namespace,
      ...(jobTemplate.metadata?.labels && { labels: jobTemplate.metadata.labels }),
      annotations: {
        ...jobTemplate.metadata?.annotations,
        [SCHEDULED_ANNOTATION]: formatIn(timeZone, dueMs),
      },
      ownerReferences: [controllerRef(CronJobs, cronJob)],
    },
    spec: jobTemplate.spec ?? {},
    status: {},
  }
  return {
    do: 'create',
    kind: Jobs,
    object,
    isFineIfExists: true,
    event: eventAbout(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${object.metadata.name}`),
    failureEvent: eventAbout(cronJob, 'Warning', 'FailedCreate', 'Error creating job: {error}'),
  }
}

function removal(cronJob: CronJob, job: Job): Intent[] {
  const message = `Deleted job ${job.metadata.name}`
  return [
    {
      do: 'delete',
      kind: Jobs,
      object: job,
      options: { propagationPolicy: 'Background' },
      event: eventAbout(cronJob, 'Normal', 'SuccessfulDelete', message),
    },
  ]
}

function statusWrite(cronJob: CronJob, status: CronJob['status']): Intent[] {
  if (deepEqual(status, cronJob.status)) return []
  return [{ do: 'update', kind: CronJobs, object: { ...cronJob, status } as CronJob, subresource: 'status' }]
}
