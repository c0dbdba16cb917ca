/** `kubectl describe statefulsets` */
import type { PersistentVolumeClaim as ClaimTemplate } from 'kubernetes-types/core/v1.js'
import { formatLabelSelector, type StatefulSet } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { goList, longTime, writeAnnotations, writeLabels } from './parts.ts'
import { podCounts } from './pod-counts.ts'
import { writePodTemplate } from './pod-template.ts'
import type { DescriptionWriter } from './writer.ts'

export const describeStatefulSet: Describer = function* (context, object, w) {
  const { metadata, spec, status } = object as StatefulSet
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  w.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
  w.field(0, 'Selector', formatLabelSelector(spec?.selector))
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'Replicas', `${spec?.replicas ?? 1} desired | ${status?.replicas ?? 0} total`)
  w.field(0, 'Update Strategy', spec?.updateStrategy?.type ?? '')
  const partition = spec?.updateStrategy?.rollingUpdate?.partition
  if (partition !== undefined) w.field(1, 'Partition', partition)
  w.field(0, 'Pods Status', yield* podCounts(context, object))
  writePodTemplate(w, spec!.template)
  writeClaimTemplates(w, spec?.volumeClaimTemplates ?? [])
  yield* writeEvents(context, w, object)
}

function writeClaimTemplates(w: DescriptionWriter, templates: readonly ClaimTemplate[]): void {
  if (templates.length === 0) {
    w.field(0, 'Volume Claims', '<none>')
    return
  }
  w.line(0, 'Volume Claims:')
  for (const { metadata, spec } of templates) {
    w.field(1, 'Name', metadata?.name ?? '')
    w.field(1, 'StorageClass', spec?.storageClassName ?? '')
    writeLabels(w, '  Labels', metadata?.labels)
    writeLabels(w, '  Annotations', metadata?.annotations)
    w.field(1, 'Capacity', `${spec?.resources?.requests?.storage ?? '<default>'}`)
    w.field(1, 'Access Modes', goList(spec?.accessModes))
  }
}
