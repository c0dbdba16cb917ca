/** The shape of a CSIStorageCapacity. */
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { KubeObject } from '../../object.ts'

export interface CSIStorageCapacity extends KubeObject {
  storageClassName: string
  nodeTopology?: LabelSelector
  capacity?: string
  maximumVolumeSize?: string
}
