/** When a CronJob runs: the five fields of cron, or a word such as `@hourly`. Complaints are robfig/cron's. */
import { parseDuration } from '../../duration.ts'

interface Field {
  readonly minimum: number
  readonly maximum: number
  readonly names?: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const FIELDS: readonly Field[] = [
  { minimum: 0, maximum: 59 },
  { minimum: 0, maximum: 23 },
  { minimum: 1, maximum: 31 },
  { minimum: 1, maximum: 12, names: MONTHS },
  { minimum: 0, maximum: 6, names: DAYS },
]
const WORDS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

/** What is wrong with a schedule; undefined when nothing is. */
export function scheduleComplaint(schedule: string): string | undefined {
  const zoned = /^(?:CRON_)?TZ=(\S*)\s*(.*)$/s.exec(schedule)
  if (zoned && !isTimeZone(zoned[1]!)) {
    return `provided bad location ${zoned[1]}: unknown time zone ${zoned[1]}`
  }
  const text = (zoned ? zoned[2]! : schedule).trim()
  if (text === '') return 'empty spec string'
  if (text.startsWith('@')) return wordComplaint(text)
  const parts = text.split(/\s+/)
  if (parts.length !== FIELDS.length) {
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`
  }
  for (const [i, part] of parts.entries()) {
    for (const range of part.split(',')) {
      const complaint = rangeComplaint(range, FIELDS[i]!)
      if (complaint !== undefined) return complaint
    }
  }
  return undefined
}

function wordComplaint(word: string): string | undefined {
  if (WORDS.includes(word)) return undefined
  if (!word.startsWith('@every ')) return `unrecognized descriptor: ${word}`
  try {
    parseDuration(word.slice('@every '.length))
    return undefined
  } catch (error) {
    return `failed to parse duration ${word}: ${(error as Error).message}`
  }
}

/** One range of a field: `5`, `1-5`, `*`, with `/2` after it or not. */
function rangeComplaint(text: string, field: Field): string | undefined {
  const [range = '', step, ...moreSteps] = text.split('/')
  const [low = '', high, ...moreBounds] = range.split('-')
  const isAny = low === '*' || low === '?'
  const start = isAny ? field.minimum : numberOf(low, field)
  if (typeof start === 'string') return start
  if (!isAny && moreBounds.length > 0) return `too many hyphens: ${text}`
  const end = isAny ? field.maximum : high === undefined ? start : numberOf(high, field)
  if (typeof end === 'string') return end
  if (moreSteps.length > 0) return `too many slashes: ${text}`
  const every = step === undefined ? 1 : numberOf(step, { ...field, names: [] })
  if (typeof every === 'string') return every
  const last = step !== undefined && high === undefined ? field.maximum : end
  if (start < field.minimum) return `beginning of range (${start}) below minimum (${field.minimum}): ${text}`
  if (last > field.maximum) return `end of range (${last}) above maximum (${field.maximum}): ${text}`
  if (start > last) return `beginning of range (${start}) beyond end of range (${last}): ${text}`
  return every === 0 ? `step of range should be a positive number: ${text}` : undefined
}

/** The number that a text or name stands for, or what is wrong with it. */
function numberOf(text: string, { names, minimum }: Field): number | string {
  const index = names?.indexOf(text.toLowerCase()) ?? -1
  if (index >= 0) return index + minimum
  if (!/^[+-]?\d+$/.test(text)) {
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
  }
  const value = Number(text)
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value
}

/** What is wrong with the name of a time zone; undefined when nothing is. */
export function timeZoneComplaint(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string'
  if (name.toLowerCase() === 'local') {
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
  }
  return isTimeZone(name) ? undefined : `unknown time zone ${name}`
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
