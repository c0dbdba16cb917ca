/** Events as lines, in the words and the order of `kubectl get events --sort-by=.lastTimestamp`. */
import type { EventView } from './event-view.ts'
import { shortenName } from './pod-name.ts'
import { fitLine, type Line, span, truncate } from './spans.ts'
import { elapsedText } from './view-model.ts'

const REASON_CELLS = { narrow: 17, wide: 23 }
const OBJECT_CELLS = { narrow: 20, wide: 24 }
const WIDE_COLUMNS = 100

/** `+32s  Scheduled  pod/web…x2x1z  Successfully assigned ...` */
export function eventLine(event: EventView, startMs: number, columns: number): Line {
  const size = columns >= WIDE_COLUMNS ? 'wide' : 'narrow'
  const tone = event.isWarning ? 'pending' : 'row'
  const [kind = '', name = ''] = event.object.split('/')
  const objectCells = OBJECT_CELLS[size]
  const object = `${kind}/${shortenName(name, objectCells - kind.length - 1)}`
  const times = event.count > 1 ? ` (x${event.count})` : ''
  return fitLine(
    [
      span(elapsedText(Math.max(event.atMs - startMs, 0), false).padStart(7), 'faint'),
      span(' '),
      span(truncate(event.reason, REASON_CELLS[size]).padEnd(REASON_CELLS[size]), tone),
      span(' '),
      span(truncate(object, objectCells).padEnd(objectCells), 'text'),
      span(' '),
      span(event.message, event.isWarning ? 'pending' : 'faint'),
      span(times, 'strong'),
    ],
    columns,
  )
}
