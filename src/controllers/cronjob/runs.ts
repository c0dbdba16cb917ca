/** Which run of a CronJob is due. Mirrors `mostRecentScheduleTime` of `pkg/controller/cronjob/utils.go`. */
import type { CronJob } from '../../api/index.ts'
import type { Schedule } from './schedule.ts'

/** Missed runs that are too many to be told of by accident. */
const MANY_MISSED = 100

export interface Runs {
  /** The last moment of the schedule that has come and had no run yet. */
  readonly dueMs: number | undefined
  readonly hasMissedMany: boolean
}

export function dueRun({ metadata, spec, status }: CronJob, schedule: Schedule, nowMs: number): Runs {
  const { startingDeadlineSeconds: deadline } = spec
  let fromMs = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp ?? '')
  if (deadline !== undefined) fromMs = Math.max(fromMs, nowMs - deadline * 1000)
  const firstMs = schedule.next(fromMs)
  if (firstMs === undefined || firstMs > nowMs) return { dueMs: undefined, hasMissedMany: false }
  const secondMs = schedule.next(firstMs)
  if (secondMs === undefined || secondMs > nowMs) return { dueMs: firstMs, hasMissedMany: false }
  // Far behind, most is jumped over; moments may lie unevenly, so that it stops well before the end.
  const stepMs = secondMs - firstMs
  const missed = Math.floor((nowMs - firstMs) / stepMs) + 1
  let dueMs = secondMs
  if (missed > MANY_MISSED) dueMs = schedule.next(nowMs - stepMs * 2) ?? secondMs
  if (dueMs > nowMs) dueMs = secondMs
  for (let nextMs = schedule.next(dueMs); nextMs !== undefined && nextMs <= nowMs; ) {
    dueMs = nextMs
    nextMs = schedule.next(dueMs)
  }
  return { dueMs, hasMissedMany: deadline === undefined && missed > MANY_MISSED }
}
