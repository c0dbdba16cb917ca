/** `kubectl get events`: all columns are its own, the object's name comes last. */
import type { Column } from '../../define-kind.ts'
import { age } from '../../duration.ts'
import { column, wideColumn } from '../shared/columns.ts'
import type { Event } from './types.ts'

export const eventColumns: readonly Column<Event>[] = [
  column('Last Seen', 'string', lastSeen),
  column('Type', 'string', event => event.type ?? ''),
  column('Reason', 'string', event => event.reason ?? ''),
  column('Object', 'string', event => {
    const { kind = '', name } = event.involvedObject
    return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase()
  }),
  wideColumn('Subobject', event => event.involvedObject.fieldPath ?? ''),
  wideColumn('Source', sourceText),
  column('Message', 'string', event => (event.message ?? '').trim()),
  wideColumn('First Seen', firstSeen),
  wideColumn('Count', event => `${event.series?.count ?? (event.count || 1)}`),
  { ...wideColumn<Event>('Name', event => event.metadata.name), format: 'name' },
]

function firstSeen(event: Event, nowMs: number): string {
  return age(event.firstTimestamp || event.eventTime, nowMs)
}

function lastSeen(event: Event, nowMs: number): string {
  if (event.series) return age(event.series.lastObservedTime, nowMs)
  return event.lastTimestamp ? age(event.lastTimestamp, nowMs) : firstSeen(event, nowMs)
}

function sourceText(event: Event): string {
  const component = event.source?.component || event.reportingComponent || ''
  const instance = event.source?.host || event.reportingInstance
  return instance ? `${component}, ${instance}` : component
}
