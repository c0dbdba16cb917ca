/** The shape of a PersistentVolume. */
import type { PersistentVolumeSpec, PersistentVolumeStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface PersistentVolume extends KubeObject {
  spec: PersistentVolumeSpec
  status: PersistentVolumeStatus
}
