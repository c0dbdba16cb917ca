/** `kubectl describe replicasets` */
import { formatLabelSelector, type ReplicaSet } from '../../api/index.ts'
import { writeReasons } from './deployments.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { writeAnnotations, writeControlledBy, writeLabels } from './parts.ts'
import { podCounts } from './pod-counts.ts'
import { writePodTemplate } from './pod-template.ts'

export const describeReplicaSet: Describer = function* (context, object, w) {
  const { metadata, spec, status } = object as ReplicaSet
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  w.field(0, 'Selector', formatLabelSelector(spec.selector))
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  writeControlledBy(w, object)
  w.field(0, 'Replicas', `${status?.replicas ?? 0} current / ${spec.replicas ?? 1} desired`)
  w.field(0, 'Pods Status', yield* podCounts(context, object))
  writePodTemplate(w, spec.template!)
  writeReasons(w, status?.conditions)
  yield* writeEvents(context, w, object)
}
