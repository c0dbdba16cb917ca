/** `SetDefaults_PersistentVolume` of pkg/apis/core/v1/defaults.go. */
import { changeField, decoding, fill } from '../shared/fill.ts'
import { canonicalResources } from '../shared/resources.ts'
import type { PersistentVolume } from './types.ts'

export const defaultPersistentVolume: (volume: PersistentVolume) => PersistentVolume = decoding(
  'PersistentVolume',
  'v1',
  volume => {
    const withPhase = changeField(fill(volume, { status: {} }), 'status', status =>
      fill(status, { phase: 'Pending' }),
    )
    return changeField(withPhase, 'spec', spec => {
      const complete = fill(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' })
      const sized = changeField(complete, 'capacity', canonicalResources)
      return changeField(sized, 'hostPath', source =>
        source.type == null ? { ...source, type: '' } : source,
      )
    })
  },
)
