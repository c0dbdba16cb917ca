/** Lengths of virtual time as people write them. */
import { parseDuration } from '../api/index.ts'
import { UserError } from '../sim/index.ts'

/** Whole milliseconds of `30s`, `1h30m` or a number of ms. Throws UserError. */
export function parseSpan(span: string | number): number {
  const ms = typeof span === 'number' ? span : parseDuration(span)
  if (ms === undefined || !Number.isFinite(ms) || ms < 0) {
    throw new UserError(`${JSON.stringify(span)} is no length of time`, { mend: 'Write 30s, 5m or 1h30m.' })
  }
  return Math.round(ms)
}
