/** The end of almost every description: what happened to the object. */
import { age, type Event, Events, type KubeObject } from '../../api/index.ts'
import type { Routine } from '../../sim/index.ts'
import { type DescribeContext, listOf } from './describer.ts'
import { compare } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

/** Lists and writes the events about an object, unless they are not wanted. */
export function* writeEvents(
  context: DescribeContext,
  w: DescriptionWriter,
  object: KubeObject,
): Routine<void> {
  if (!context.showEvents) return
  formatEvents(w, yield* findEvents(context, object, object.metadata.uid), context.nowMs)
}

/** Events about the object that name it by `uid`; the kubelet's about its node have the node's name there. */
export function* findEvents(
  context: DescribeContext,
  object: KubeObject,
  uid: string,
): Routine<readonly Event[]> {
  const { name, namespace = '' } = object.metadata
  const terms = [
    `involvedObject.name=${name}`,
    `involvedObject.namespace=${namespace}`,
    `involvedObject.kind=${object.kind}`,
    `involvedObject.uid=${uid}`,
  ]
  return yield* listOf<Event>(context, Events, namespace, { fieldSelector: terms.join(',') })
}

export function formatEvents(w: DescriptionWriter, events: readonly Event[], nowMs: number): void {
  if (events.length === 0) {
    w.field(0, 'Events', '<none>')
    return
  }
  w.flush()
  w.line(0, 'Events:')
  w.line(1, 'Type\tReason\tAge\tFrom\tMessage')
  w.line(1, '----\t------\t----\t----\t-------')
  const sorted = [...events].sort((a, b) => compare(a.lastTimestamp ?? '', b.lastTimestamp ?? ''))
  for (const event of sorted) {
    const { type = '', reason = '', message = '', source, reportingComponent = '' } = event
    const from = source?.component || reportingComponent
    w.line(1, [type, reason, eventInterval(event, nowMs), from, message.trim()].join('\t'))
  }
}

/** `5s`, or `5s (x3 over 2m)` for what happened again. */
export function eventInterval(event: Event, nowMs: number): string {
  const first = age(event.eventTime ?? event.firstTimestamp, nowMs)
  if (event.series) {
    const last = age(event.series.lastObservedTime, nowMs)
    return `${last} (x${event.series.count} over ${first})`
  }
  return (event.count ?? 0) > 1 ? `${age(event.lastTimestamp, nowMs)} (x${event.count} over ${first})` : first
}
