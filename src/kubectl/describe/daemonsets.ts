/** `kubectl describe daemonsets` */
import { type DaemonSet, formatLabelSelector, formatLabels } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeLabels } from './parts.ts'
import { podCounts } from './pod-counts.ts'
import { writePodTemplate } from './pod-template.ts'

export const describeDaemonSet: Describer = function* (context, object, w) {
  const { metadata, spec, status } = object as DaemonSet
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  w.field(0, 'Selector', formatLabelSelector(spec?.selector))
  w.field(0, 'Node-Selector', formatLabels(spec?.template.spec?.nodeSelector))
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`)
  w.line(0, `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`)
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`)
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`)
  w.line(0, `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`)
  w.field(0, 'Pods Status', yield* podCounts(context, object))
  writePodTemplate(w, spec!.template)
  yield* writeEvents(context, w, object)
}
