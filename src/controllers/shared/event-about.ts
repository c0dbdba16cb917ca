/** An event of a controller's, as an intent. */
import type { KubeObject } from '../../api/index.ts'
import type { EventIntent } from '../../client/index.ts'

export function eventAbout(
  about: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): EventIntent {
  return { do: 'event', about, type, reason, message }
}
