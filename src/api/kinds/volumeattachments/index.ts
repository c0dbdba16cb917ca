/** `kubectl get volumeattachments` */
import { defineKind } from '../../define-kind.ts'
import { volumeAttachmentColumns } from './columns.ts'
import { volumeAttachmentStrategy } from './strategy.ts'
import type { VolumeAttachment } from './types.ts'

export const VolumeAttachments = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.storage.v1.VolumeAttachment',
  columns: volumeAttachmentColumns,
  strategy: volumeAttachmentStrategy,
})
