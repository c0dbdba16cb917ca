/** `kubectl describe namespaces`. There are no quotas and limit ranges to tell of. */
import type { Namespace } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { longTime, writeAnnotations, writeLabels } from './parts.ts'

export const describeNamespace: Describer = function* (_, object, w) {
  const { metadata, status } = object as Namespace
  w.field(0, 'Name', metadata.name)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'Status', status?.phase ?? '')
  const conditions = status?.conditions ?? []
  if (conditions.length > 0) {
    w.line(0, 'Conditions:')
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage')
    w.line(1, '----\t------\t------------------\t------\t-------')
    for (const { type, status: value, lastTransitionTime, reason = '', message = '' } of conditions) {
      w.line(1, [type, value, longTime(lastTransitionTime), reason, message].join('\t'))
    }
  }
  w.write(0, '\nNo resource quota.\n\nNo LimitRange resource.\n')
}
