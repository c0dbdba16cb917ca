/** `kubectl describe persistentvolumeclaims` */
import {
  accessModesText,
  age,
  type PersistentVolumeClaim,
  type Pod,
  Pods,
  storageClassName,
} from '../../api/index.ts'
import { type Describer, listOf } from './describer.ts'
import { writeEvents } from './events.ts'
import { goList, longTime, writeAnnotations, writeLabels, writeList } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

export const describePersistentVolumeClaim: Describer = function* (context, object, w) {
  const claim = object as PersistentVolumeClaim
  const { namespace = '', ownerReferences = [] } = claim.metadata
  writeClaim(w, claim, context.nowMs)
  const pods = yield* listOf<Pod>(context, Pods, namespace, {})
  const users = pods.filter(pod => {
    const mounts = pod.spec.volumes?.some(
      volume => volume.persistentVolumeClaim?.claimName === claim.metadata.name,
    )
    return mounts || ownerReferences.some(owner => owner.kind === 'Pod' && owner.uid === pod.metadata.uid)
  })
  writeList(w, 'Used By', users.map(pod => pod.metadata.name).sort())
  const conditions = claim.status?.conditions ?? []
  if (conditions.length > 0) {
    w.line(0, 'Conditions:')
    w.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage')
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
  }
  for (const { type, status, lastProbeTime, lastTransitionTime, reason, message } of conditions) {
    const times = [longTime(lastProbeTime), longTime(lastTransitionTime)]
    w.line(1, [type, status, ...times, reason ?? '', message ?? ''].join(' \t'))
  }
  yield* writeEvents(context, w, object)
}

function writeClaim(w: DescriptionWriter, claim: PersistentVolumeClaim, nowMs: number): void {
  const { metadata, spec, status } = claim
  const isBound = Boolean(spec.volumeName)
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  w.field(0, 'StorageClass', storageClassName(claim))
  const { deletionTimestamp } = metadata
  w.field(
    0,
    'Status',
    deletionTimestamp ? `Terminating (lasts ${age(deletionTimestamp, nowMs)})` : (status?.phase ?? ''),
  )
  w.field(0, 'Volume', spec.volumeName ?? '')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'Finalizers', goList(metadata.finalizers))
  w.field(0, 'Capacity', isBound ? `${status?.capacity?.storage ?? '0'}` : '')
  w.field(0, 'Access Modes', isBound ? accessModesText(status?.accessModes) : '')
  if (spec.volumeMode) w.field(0, 'VolumeMode', spec.volumeMode)
  const { dataSource } = spec
  if (!dataSource) return
  w.line(0, 'DataSource:')
  if (dataSource.apiGroup !== undefined) w.field(1, 'APIGroup', dataSource.apiGroup)
  w.field(1, 'Kind', dataSource.kind)
  w.field(1, 'Name', dataSource.name)
}
