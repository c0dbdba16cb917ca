/** When TCP sends again what was lost on a cut link: its first attempts, each after twice the wait of the one before. */
import { CLIENT } from '../api/index.ts'

/** How long after a heal TCP tries again, when the first attempt was `elapsedMs` ago: attempts double their distance. */
export function nextRetransmissionMs(elapsedMs: number): number {
  let attemptMs = CLIENT.retransmissionMs
  while (attemptMs < elapsedMs) attemptMs = attemptMs * 2 + CLIENT.retransmissionMs
  return attemptMs - elapsedMs
}
