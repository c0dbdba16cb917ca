/** The shape of a Event. */
import type { EventSeries, EventSource, ObjectReference } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Event extends KubeObject {
  involvedObject: ObjectReference
  reason?: string
  message?: string
  source?: EventSource
  type?: string
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  reportingComponent?: string
  reportingInstance?: string
  action?: string
  related?: ObjectReference
  series?: EventSeries
}
