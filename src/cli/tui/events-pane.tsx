/** The cluster's Events, the latest at the bottom. */
import { memo } from 'react'
import { eventLine } from './event-lines.ts'
import type { EventView } from './event-view.ts'
import type { Size } from './layout.ts'
import { PaneView } from './pane.tsx'
import { span } from './spans.ts'

export interface EventsPaneProps {
  readonly events: readonly EventView[]
  readonly startMs: number
  readonly top: number
  readonly size: Size
  readonly hasFocus: boolean
}

export const EventsPane = memo(function EventsPane({
  events,
  startMs,
  top,
  size,
  hasFocus,
}: EventsPaneProps) {
  const shown = events.slice(top, top + size.rows - 1)
  const later = events.length - top - shown.length
  return (
    <PaneView
      name="Events"
      aside={later > 0 ? [span(`${later} later ↓`, 'pending')] : []}
      size={size}
      hasFocus={hasFocus}
      lines={shown.map(event => eventLine(event, startMs, size.columns))}
    />
  )
})
