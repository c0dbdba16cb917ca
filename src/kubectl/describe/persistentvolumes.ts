/** `kubectl describe persistentvolumes` */
import { accessModesText, age, type PersistentVolume, storageClassName } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { goList, writeAnnotations, writeLabels } from './parts.ts'
import { hostPathFields, nfsFields, writeCsi } from './volumes.ts'
import type { DescriptionWriter } from './writer.ts'

export const describePersistentVolume: Describer = function* (context, object, w) {
  const volume = object as PersistentVolume
  const { metadata, spec, status } = volume
  w.field(0, 'Name', metadata.name)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'Finalizers', goList(metadata.finalizers))
  w.field(0, 'StorageClass', storageClassName(volume))
  const { deletionTimestamp } = metadata
  w.field(
    0,
    'Status',
    deletionTimestamp
      ? `Terminating (lasts ${age(deletionTimestamp, context.nowMs)})`
      : (status?.phase ?? ''),
  )
  w.field(0, 'Claim', spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')
  w.field(0, 'Reclaim Policy', spec.persistentVolumeReclaimPolicy ?? '')
  w.field(0, 'Access Modes', accessModesText(spec.accessModes))
  if (spec.volumeMode) w.field(0, 'VolumeMode', spec.volumeMode)
  w.field(0, 'Capacity', `${spec.capacity?.storage ?? '0'}`)
  writeNodeAffinity(w, spec.nodeAffinity)
  w.field(0, 'Message', status?.message ?? '')
  w.line(0, 'Source:')
  writeSource(w, spec)
  yield* writeEvents(context, w, object)
}

function writeNodeAffinity(w: DescriptionWriter, affinity: PersistentVolume['spec']['nodeAffinity']): void {
  const required = affinity?.required
  w.field(0, 'Node Affinity', required ? '' : '<none>')
  if (!required) return
  const terms = required.nodeSelectorTerms
  w.field(1, 'Required Terms', terms.length === 0 ? '<none>' : '')
  terms.forEach(({ matchExpressions = [] }, i) => {
    w.write(2, `Term ${i}:\t`)
    if (matchExpressions.length === 0) w.line(0, '<none>')
    matchExpressions.forEach(({ key, operator, values }, j) => {
      if (j > 0) w.write(2, '\t')
      w.line(0, `${key} ${operator.toLowerCase()}${values?.length ? ` [${values.join(', ')}]` : ''}`)
    })
  })
}

function writeSource(w: DescriptionWriter, spec: PersistentVolume['spec']): void {
  const { hostPath, nfs, local, csi } = spec
  if (csi) {
    const fields = [
      ['FSType', csi.fsType ?? ''],
      ['VolumeHandle', csi.volumeHandle],
    ] as const
    writeCsi(w, csi.driver, fields, csi.readOnly ?? false, csi.volumeAttributes)
    return
  }
  const fields = hostPath
    ? hostPathFields(hostPath)
    : nfs
      ? nfsFields(nfs)
      : local && [
          ['Type', 'LocalVolume (a persistent volume backed by local storage on a node)'] as const,
          ['Path', local.path] as const,
        ]
  if (!fields) w.line(1, '<unknown>')
  for (const [name, value] of fields ?? []) w.field(2, name, `${value}`)
}
