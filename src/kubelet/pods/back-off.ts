/** Delays that double, as `client-go/util/flowcontrol.Backoff` keeps them: one entry a thing, forgotten when quiet. */
export interface BackOff {
  readonly delayMs: number
  /** When it was last raised. */
  readonly updatedMs: number
}

/** The entry after one more failure at `eventMs`: doubled up to `maxMs`, or afresh after twice that in peace. */
export function nextBackOff(
  entry: BackOff | undefined,
  eventMs: number,
  nowMs: number,
  initialMs: number,
  maxMs: number,
): BackOff {
  const isFresh = !entry || eventMs - entry.updatedMs > 2 * maxMs
  return { delayMs: isFresh ? initialMs : Math.min(entry.delayMs * 2, maxMs), updatedMs: nowMs }
}

/** Milliseconds still to wait since the failure at `eventMs`; 0 when it may go on. */
export function backOffLeft(
  entry: BackOff | undefined,
  eventMs: number,
  nowMs: number,
  maxMs: number,
): number {
  if (!entry || eventMs - entry.updatedMs > 2 * maxMs) return 0
  return Math.max(0, eventMs + entry.delayMs - nowMs)
}

/** `10s`, `2m40s`: a back-off as Go prints it in messages. */
export function formatBackOff(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
