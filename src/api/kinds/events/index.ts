/** `kubectl get events` */
import { defineKind } from '../../define-kind.ts'
import { eventColumns } from './columns.ts'
import { eventStrategy } from './strategy.ts'
import type { Event } from './types.ts'

export const Events = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.Event',
  ttlSeconds: 3600,
  columnsAreComplete: true,
  selectableFields: {
    'involvedObject.kind': event => event.involvedObject.kind ?? '',
    'involvedObject.namespace': event => event.involvedObject.namespace ?? '',
    'involvedObject.name': event => event.involvedObject.name ?? '',
    'involvedObject.uid': event => event.involvedObject.uid ?? '',
    'involvedObject.apiVersion': event => event.involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': event => event.involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': event => event.involvedObject.fieldPath ?? '',
    reason: event => event.reason ?? '',
    reportingComponent: event => event.reportingComponent ?? '',
    source: event => event.source?.component || event.reportingComponent || '',
    type: event => event.type ?? '',
  },
  columns: eventColumns,
  strategy: eventStrategy,
})
