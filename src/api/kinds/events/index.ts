/** `kubectl get events` */
import { defineKind } from '../../define-kind.ts'
import type { Event } from './types.ts'

export const Events = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  isNamespaced: true,
  ttlSeconds: 3600,
})
