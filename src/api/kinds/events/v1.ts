/** events.k8s.io/v1: the same events as core/v1's, with other names for half of their fields. */
import type { Event as EventV1Fields } from 'kubernetes-types/events/v1.js'
import { defineKind } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { columnsOfStored } from '../shared/columns.ts'
import { NO_TIME } from '../shared/fill.ts'
import { eventColumns } from './columns.ts'
import { Events } from './index.ts'
import type { Event } from './types.ts'

type EventV1 = KubeObject &
  Omit<EventV1Fields, 'apiVersion' | 'kind' | 'metadata' | 'eventTime' | 'series'> &
  Pick<Event, 'eventTime' | 'series'>

export const EventsV1 = defineKind<EventV1>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  isNamespaced: true,
  schema: 'io.k8s.api.events.v1.Event',
  selectableFields: Events.selectableFields as never,
  columnsAreComplete: true,
  columns: columnsOfStored(eventColumns, toStored),
  storedAs: {
    kind: Events,
    toStored: object => toStored(object as EventV1),
    fromStored: object => fromStored(object as Event),
  },
})

function toStored(event: EventV1): Event {
  const {
    regarding,
    note,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp = NO_TIME,
    deprecatedLastTimestamp: lastTimestamp = NO_TIME,
    deprecatedCount: count,
    reportingController,
    ...same
  } = event
  return {
    ...same,
    apiVersion: Events.apiVersion,
    involvedObject: regarding ?? {},
    ...(note !== undefined && { message: note }),
    source: source ?? {},
    firstTimestamp,
    lastTimestamp,
    ...(count !== undefined && { count }),
    reportingComponent: reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  }
}

function fromStored(event: Event): EventV1 {
  const {
    involvedObject,
    message,
    source,
    firstTimestamp,
    lastTimestamp,
    count,
    reportingComponent,
    ...same
  } = event
  return {
    ...same,
    apiVersion: EventsV1.apiVersion,
    eventTime: event.eventTime ?? NO_TIME,
    regarding: involvedObject,
    ...(message !== undefined && { note: message }),
    deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? NO_TIME,
    deprecatedLastTimestamp: lastTimestamp ?? NO_TIME,
    ...(count !== undefined && { deprecatedCount: count }),
    ...(reportingComponent && { reportingController: reportingComponent }),
  }
}
