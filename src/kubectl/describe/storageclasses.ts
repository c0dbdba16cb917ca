/** `kubectl describe storageclasses` */
import type { TopologySelectorTerm } from 'kubernetes-types/core/v1.js'
import { formatLabels, type StorageClass } from '../../api/index.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { capitalised } from './parts.ts'

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'

export const describeStorageClass: Describer = function* (context, object, w) {
  const storageClass = object as StorageClass & { allowedTopologies?: readonly TopologySelectorTerm[] }
  const { metadata, allowVolumeExpansion, mountOptions = [], allowedTopologies } = storageClass
  w.field(0, 'Name', metadata.name)
  w.field(0, 'IsDefaultClass', metadata.annotations?.[DEFAULT_CLASS] === 'true' ? 'Yes' : 'No')
  w.field(0, 'Annotations', formatLabels(metadata.annotations))
  w.field(0, 'Provisioner', storageClass.provisioner)
  w.field(0, 'Parameters', formatLabels(storageClass.parameters))
  const expansion = allowVolumeExpansion === undefined ? '<unset>' : capitalised(allowVolumeExpansion)
  w.field(0, 'AllowVolumeExpansion', expansion)
  if (mountOptions.length === 0) w.field(0, 'MountOptions', '<none>')
  else w.line(0, 'MountOptions:')
  for (const option of mountOptions) w.line(1, option)
  if (storageClass.reclaimPolicy) w.field(0, 'ReclaimPolicy', storageClass.reclaimPolicy)
  if (storageClass.volumeBindingMode) w.field(0, 'VolumeBindingMode', storageClass.volumeBindingMode)
  if (allowedTopologies) w.field(0, 'AllowedTopologies', allowedTopologies.length === 0 ? '<none>' : '')
  allowedTopologies?.forEach(({ matchLabelExpressions = [] }, i) => {
    w.write(1, `Term ${i}:\t`)
    if (matchLabelExpressions.length === 0) w.line(0, '<none>')
    matchLabelExpressions.forEach(({ key, values }, j) => {
      if (j > 0) w.write(1, '\t')
      w.line(0, `${key} in [${values.join(', ')}]`)
    })
  })
  yield* writeEvents(context, w, object)
}
