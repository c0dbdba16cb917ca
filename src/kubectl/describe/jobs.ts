/** `kubectl describe jobs` */
import { formatLabelSelector, humanDuration, type Job } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { longTime, writeAnnotations, writeControlledBy, writeLabels } from './parts.ts'
import { writePodTemplate } from './pod-template.ts'
import type { DescriptionWriter } from './writer.ts'

/** A list of indexes is cut at the first comma after so many characters. */
const INDEXES_LENGTH = 50

export const describeJob: Describer = function* (context, object, w) {
  const { metadata, spec } = object as Job
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  w.field(0, 'Selector', formatLabelSelector(spec?.selector))
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  writeControlledBy(w, object)
  writeSpec(w, object as Job)
  writeStatus(w, object as Job)
  writePodTemplate(w, spec!.template)
  yield* writeEvents(context, w, object)
}

function writeSpec(w: DescriptionWriter, { spec }: Job): void {
  if (spec?.parallelism !== undefined) w.field(0, 'Parallelism', spec.parallelism)
  w.field(0, 'Completions', spec?.completions ?? '<unset>')
  if (spec?.completionMode) w.field(0, 'Completion Mode', spec.completionMode)
  if (spec?.suspend !== undefined) w.field(0, 'Suspend', `${spec.suspend}`)
  if (spec?.backoffLimit !== undefined) w.field(0, 'Backoff Limit', spec.backoffLimit)
  const ttl = spec?.ttlSecondsAfterFinished
  if (ttl !== undefined) w.field(0, 'TTL Seconds After Finished', ttl)
}

function writeStatus(w: DescriptionWriter, { spec, status }: Job): void {
  const { startTime, completionTime, active = 0, succeeded = 0, failed = 0, ready } = status ?? {}
  if (startTime) w.field(0, 'Start Time', longTime(startTime))
  if (completionTime) w.field(0, 'Completed At', longTime(completionTime))
  if (startTime && completionTime) {
    w.field(0, 'Duration', humanDuration(Date.parse(completionTime) - Date.parse(startTime)))
  }
  if (spec?.activeDeadlineSeconds !== undefined) {
    w.field(0, 'Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`)
  }
  const readyText = ready === undefined ? '' : ` (${ready} Ready)`
  w.field(0, 'Pods Statuses', `${active} Active${readyText} / ${succeeded} Succeeded / ${failed} Failed`)
  if (spec?.completionMode !== 'Indexed') return
  w.field(0, 'Completed Indexes', shortIndexes(status?.completedIndexes ?? ''))
}

function shortIndexes(indexes: string): string {
  if (indexes === '') return '<none>'
  const comma = indexes.indexOf(',', INDEXES_LENGTH)
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`
}
