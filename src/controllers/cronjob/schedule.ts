/**
 * The moments of a schedule: cron's five fields in a time zone, or `@every`. Mirrors robfig/cron as CronJobs use it: a
 * moment that a clock skips does not come, one that it repeats comes twice. Schedules are valid: the API server saw to it.
 */
import { memoise, parseDuration } from '../../api/index.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** A schedule without a moment in so long has none (the 30th of February). */
const HORIZON_MS = 5 * 366 * DAY_MS

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Values of one field, and whether it was left open: then the other of the two kinds of day decides. */
interface Field {
  readonly values: ReadonlySet<number>
  readonly isOpen: boolean
}

interface Moments {
  readonly minutes: Field
  readonly hours: Field
  readonly days: Field
  readonly months: Field
  readonly weekdays: Field
}

export interface Schedule {
  /** The first moment after `afterMs`; undefined when there is none in five years. */
  next(afterMs: number): number | undefined
}

/** Reads a schedule; `timeZone` is an IANA name, UTC unless given. */
export function readSchedule(schedule: string, timeZone = 'UTC'): Schedule {
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/s.exec(schedule)
  const text = (zoned?.[2] ?? schedule).trim()
  const zone = zoned?.[1] ?? timeZone
  if (text.startsWith('@every ')) {
    const everyMs = Math.max(1000, Math.floor(parseDuration(text.slice(7)) / 1000) * 1000)
    return { next: afterMs => Math.floor(afterMs / 1000) * 1000 + everyMs }
  }
  const moments = momentsOf(WORDS[text] ?? text)
  return { next: afterMs => nextMoment(moments, zone, afterMs) }
}

/** A moment as RFC 3339 in a time zone: `2026-01-01T01:00:00+01:00`. */
export function formatIn(timeZone: string, atMs: number): string {
  const offsetMinutes = offsetOf(timeZone, atMs) / MINUTE_MS
  const local = new Date(atMs + offsetMinutes * MINUTE_MS).toISOString().slice(0, 19)
  if (offsetMinutes === 0) return `${local}Z`
  const two = (value: number) => String(value).padStart(2, '0')
  const distance = Math.abs(offsetMinutes)
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`
}

function momentsOf(text: string): Moments {
  const [minutes = '*', hours = '*', days = '*', months = '*', weekdays = '*'] = text.split(/\s+/)
  return {
    minutes: fieldOf(minutes, 0, 59),
    hours: fieldOf(hours, 0, 23),
    days: fieldOf(days, 1, 31),
    months: fieldOf(months, 1, 12, MONTHS),
    weekdays: fieldOf(weekdays, 0, 6, DAYS),
  }
}

function fieldOf(text: string, minimum: number, maximum: number, names: readonly string[] = []): Field {
  const values = new Set<number>()
  let isOpen = false
  const numberOf = (word: string) => {
    const index = names.indexOf(word.toLowerCase())
    return index < 0 ? Number(word) : index + minimum
  }
  for (const part of text.split(',')) {
    const [range = '', step] = part.split('/')
    const [low = '', high] = range.split('-')
    const isAny = low === '*' || low === '?'
    const every = step === undefined ? 1 : Number(step)
    const from = isAny ? minimum : numberOf(low)
    const to = isAny || (high === undefined && step !== undefined) ? maximum : numberOf(high ?? low)
    for (let value = from; value <= to; value += every) values.add(value)
    if (isAny && every === 1) isOpen = true
  }
  return { values, isOpen }
}

/** Jumps over months, days and hours that do not fit; `local` times are those of the zone's clock read as UTC. */
function nextMoment(moments: Moments, zone: string, afterMs: number): number | undefined {
  const endMs = afterMs + HORIZON_MS
  let atMs = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  while (atMs <= endMs) {
    const localMs = atMs + offsetOf(zone, atMs)
    const local = new Date(localMs)
    if (!moments.months.values.has(local.getUTCMonth() + 1)) {
      atMs = onward(zone, atMs, Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1))
    } else if (!isDay(moments, local)) {
      atMs = onward(zone, atMs, Math.floor(localMs / DAY_MS) * DAY_MS + DAY_MS)
    } else if (!moments.hours.values.has(local.getUTCHours())) {
      atMs += HOUR_MS - (localMs % HOUR_MS)
    } else if (!moments.minutes.values.has(local.getUTCMinutes())) {
      atMs += MINUTE_MS
    } else return atMs
  }
  return undefined
}

function isDay({ days, weekdays }: Moments, local: Date): boolean {
  const isDate = days.values.has(local.getUTCDate())
  const isWeekday = weekdays.values.has(local.getUTCDay())
  return days.isOpen || weekdays.isOpen ? isDate && isWeekday : isDate || isWeekday
}

/** The moment at which the zone's clock shows `localMs`, later than `atMs` in any case. */
function onward(zone: string, atMs: number, localMs: number): number {
  const guessMs = localMs - offsetOf(zone, atMs)
  return Math.max(atMs + MINUTE_MS, localMs - offsetOf(zone, guessMs))
}

const clockOf = memoise(
  (zone: string) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
)

/** How far the zone's clock is ahead of UTC, in ms. */
function offsetOf(zone: string, atMs: number): number {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 0
  const part: Record<string, number> = {}
  for (const { type, value } of clockOf(zone).formatToParts(atMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000
}
