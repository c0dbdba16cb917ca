import { describe, expect, test } from 'vitest'
import { type CronJob, CronJobs, type Job, Jobs } from '../../api/index.ts'
import { EPOCH_MS, formatTime } from '../../sim/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { cronJobController } from './index.ts'
import { formatIn, readSchedule } from './schedule.ts'

const at = (text: string) => Date.parse(text)

describe('a schedule', () => {
  test.each([
    ['*/15 * * * *', 'UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:15:00Z'],
    ['0 3 * * mon-fri', 'UTC', '2026-01-02T04:00:00Z', '2026-01-05T03:00:00Z'],
    ['0 0 29 feb *', 'UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 13 * 5', 'UTC', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['0 0 */2 * 5', 'UTC', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['@monthly', 'UTC', '2026-01-31T12:00:00Z', '2026-02-01T00:00:00Z'],
    ['@every 90s', 'UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:01:30Z'],
    ['30 8 * * *', 'Europe/Berlin', '2026-01-01T00:00:00Z', '2026-01-01T07:30:00Z'],
    ['30 8 * * *', 'Asia/Kolkata', '2026-01-01T00:00:00Z', '2026-01-01T03:00:00Z'],
    // The night in which Berlin's clocks go from 2:00 to 3:00.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00Z'],
    // And from 3:00 back to 2:00: half past two comes twice.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['TZ=America/New_York 0 12 * * *', 'UTC', '2026-06-01T00:00:00Z', '2026-06-01T16:00:00Z'],
  ])('%s in %s after %s is %s', (schedule, zone, after, next) => {
    expect(formatTime(readSchedule(schedule, zone).next(at(after))!)).toBe(next)
  })

  test('of a day that never comes has no moment', () => {
    expect(readSchedule('0 0 30 2 *').next(EPOCH_MS)).toBeUndefined()
  })

  test('names its moments in its zone', () => {
    expect(formatIn('America/New_York', at('2026-06-01T16:00:00Z'))).toBe('2026-06-01T12:00:00-04:00')
  })
})

const KEY = 'default/tick'

function worldWith(spec: object = {}): World {
  const world = new World()
  world.put<CronJob>(CronJobs, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick' },
    spec: {
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { template: podTemplate({ a: 'b' }) } },
      ...spec,
    } as CronJob['spec'],
    status: {},
  })
  return world
}

/** The moment `minutes` after the beginning, and a reconcile then. */
function reconcileAt(world: World, minutes: number) {
  world.nowMs = EPOCH_MS + minutes * 60_000
  return world.reconcile(cronJobController, KEY)
}

const jobsOf = (world: World) => world.all(Jobs).map(({ metadata }) => metadata.name)
const stored = (world: World) => world.get(CronJobs, 'default', 'tick')!

function finish(world: World, job: Job, type: 'Complete' | 'Failed'): void {
  const conditions = [{ type, status: 'True' as const }]
  const completionTime = type === 'Complete' ? world.timestamp : undefined
  world.change(Jobs, job, {
    status: { conditions, completionTime, startTime: world.timestamp },
  } as Partial<Job>)
}

describe('a CronJob', () => {
  test('sleeps until the next moment, then makes a Job named after it', () => {
    const world = worldWith()
    expect(reconcileAt(world, 0)).toEqual({ intents: [], requeueAfterMs: 300_100 })
    reconcileAt(world, 5)
    const [job] = world.all(Jobs)
    expect(job!.metadata).toMatchObject({
      name: `tick-${(EPOCH_MS + 300_000) / 60_000}`,
      labels: { a: 'b' },
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:05:00Z' },
      ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }],
    })
    reconcileAt(world, 5)
    expect(stored(world).status).toMatchObject({
      lastScheduleTime: '2026-01-01T00:05:00Z',
      active: [{ kind: 'Job', name: job!.metadata.name, uid: job!.metadata.uid }],
    })
    expect(world.events).toEqual([`Normal SuccessfulCreate Created job ${job!.metadata.name}`])
  })

  test('forgets finished Jobs and keeps as many as its limits say', () => {
    const world = worldWith()
    for (const minutes of [5, 10]) {
      reconcileAt(world, minutes)
      reconcileAt(world, minutes)
      const name = stored(world).status.active![0]!.name!
      finish(world, world.get(Jobs, 'default', name)!, 'Complete')
      reconcileAt(world, minutes)
      expect(stored(world).status.active).toBeUndefined()
    }
    expect(jobsOf(world)).toHaveLength(1)
    expect(stored(world).status.lastSuccessfulTime).toBe('2026-01-01T00:10:00Z')
    expect(world.events.filter(event => event.includes('SawCompletedJob'))).toHaveLength(2)
    expect(world.events.at(-1)).toMatch(/^Normal SuccessfulDelete Deleted job tick-/)
  })

  test.each([
    ['Allow', 2, 'SuccessfulCreate'],
    ['Forbid', 1, 'JobAlreadyActive'],
    ['Replace', 1, 'SuccessfulCreate'],
  ])('that says %s about the Job before has %i', (concurrencyPolicy, count, reason) => {
    const world = worldWith({ concurrencyPolicy })
    reconcileAt(world, 5)
    reconcileAt(world, 5)
    reconcileAt(world, 10)
    expect(jobsOf(world)).toHaveLength(count)
    expect(world.events.at(-1)).toContain(reason)
  })

  test('that was away starts the last run it missed, within its deadline', () => {
    const late = worldWith()
    reconcileAt(late, 17)
    expect(jobsOf(late)).toEqual([`tick-${EPOCH_MS / 60_000 + 15}`])
    const strict = worldWith({ startingDeadlineSeconds: 60 })
    reconcileAt(strict, 17)
    expect(jobsOf(strict)).toEqual([])
    const away = worldWith()
    reconcileAt(away, 5 * 200 + 1)
    expect(away.events[0]).toContain('Warning TooManyMissedTimes too many missed start times')
    expect(jobsOf(away)).toEqual([`tick-${EPOCH_MS / 60_000 + 1000}`])
  })

  test('that is suspended makes nothing', () => {
    const world = worldWith({ suspend: true })
    expect(reconcileAt(world, 17)).toEqual({ intents: [] })
  })
})
