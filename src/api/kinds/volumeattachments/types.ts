/** The shape of a VolumeAttachment. */
import type { VolumeAttachmentSpec, VolumeAttachmentStatus } from 'kubernetes-types/storage/v1.js'
import type { KubeObject } from '../../object.ts'

export interface VolumeAttachment extends KubeObject {
  spec: VolumeAttachmentSpec
  status: Partial<VolumeAttachmentStatus>
}
