/**
 * Spans of time as people read and write them: kubectl's ages (`duration.HumanDuration`), and durations in Go's
 * notation (`1h30m`, `1.5s`). All spans are in milliseconds.
 */
import { UserError } from '../sim/index.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** Two or three significant figures: `2m5s`, `3h12m`, `4d2h`, `2y34d`. `<invalid>` when well below zero. */
export function humanDuration(spanMs: number): string {
  if (spanMs <= -2 * SECOND) return '<invalid>'
  if (spanMs < 0) return '0s'
  if (spanMs < 2 * MINUTE) return `${whole(spanMs, SECOND)}s`
  if (spanMs < 10 * MINUTE) return pair(spanMs, MINUTE, 'm', SECOND, 's')
  if (spanMs < 3 * HOUR) return `${whole(spanMs, MINUTE)}m`
  if (spanMs < 8 * HOUR) return pair(spanMs, HOUR, 'h', MINUTE, 'm')
  if (spanMs < 2 * DAY) return `${whole(spanMs, HOUR)}h`
  if (spanMs < 8 * DAY) return pair(spanMs, DAY, 'd', HOUR, 'h')
  if (spanMs < 2 * YEAR) return `${whole(spanMs, DAY)}d`
  if (spanMs < 8 * YEAR) return pair(spanMs, YEAR, 'y', DAY, 'd')
  return `${whole(spanMs, YEAR)}y`
}

/** The same with one figure only: `2m`, `3h`, `4d`. */
export function shortHumanDuration(spanMs: number): string {
  if (spanMs <= -2 * SECOND) return '<invalid>'
  if (spanMs < 0) return '0s'
  if (spanMs < MINUTE) return `${whole(spanMs, SECOND)}s`
  if (spanMs < HOUR) return `${whole(spanMs, MINUTE)}m`
  if (spanMs < DAY) return `${whole(spanMs, HOUR)}h`
  if (spanMs < YEAR) return `${whole(spanMs, DAY)}d`
  return `${whole(spanMs, YEAR)}y`
}

function whole(spanMs: number, unitMs: number): number {
  return Math.floor(spanMs / unitMs)
}

function pair(spanMs: number, unitMs: number, unit: string, smallMs: number, small: string): string {
  const rest = whole(spanMs % unitMs, smallMs)
  return `${whole(spanMs, unitMs)}${unit}${rest === 0 ? '' : `${rest}${small}`}`
}

/** How long ago an RFC 3339 time was, as kubectl's AGE has it; `<unknown>` when there is no time. */
export function age(timestamp: string | null | undefined, nowMs: number): string {
  return timestamp ? humanDuration(nowMs - Date.parse(timestamp)) : '<unknown>'
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
}

/** Reads `30s`, `1h30m`, `1.5s`, `-2m`, `0`. Throws {@link UserError} in the words of Go's time.ParseDuration. */
export function parseDuration(text: string): number {
  const wrong = (what: string) =>
    new UserError(`time: ${what} ${JSON.stringify(text)}`, {
      mend: 'Write a duration such as 30s, 5m or 1h30m.',
    })
  const [, sign, body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (body === '0') return 0
  if (body === '') throw wrong('invalid duration')
  let totalMs = 0
  const part = /(\d+\.?\d*|\.\d+)([^\d.]*)/y
  while (part.lastIndex < body.length) {
    const match = part.exec(body)
    if (!match) throw wrong('invalid duration')
    const [, amount = '', unit = ''] = match
    if (unit === '') throw wrong('missing unit in duration')
    if (!Object.hasOwn(UNITS, unit)) throw wrong(`unknown unit ${JSON.stringify(unit)} in duration`)
    totalMs += Number(amount) * UNITS[unit]!
  }
  return sign === '-' ? -totalMs : totalMs
}

/** A duration as Go prints it: `300ms`, `1.5s`, `5m0s`, `1h0m0s`; `0s` for nothing. */
export function formatDuration(spanMs: number): string {
  if (spanMs === 0) return '0s'
  const sign = spanMs < 0 ? '-' : ''
  const rest = Math.abs(spanMs)
  if (rest < SECOND) return `${sign}${rest}ms`
  const seconds = `${Number(((rest % MINUTE) / SECOND).toFixed(6))}s`
  if (rest < MINUTE) return sign + seconds
  const minutes = `${whole(rest % HOUR, MINUTE)}m${seconds}`
  return sign + (rest < HOUR ? minutes : `${whole(rest, HOUR)}h${minutes}`)
}
