/** `kubectl get volumeattachments` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { VolumeAttachment } from './types.ts'

export const volumeAttachmentColumns: readonly Column<VolumeAttachment>[] = [
  { ...column<VolumeAttachment>('Attacher', 'string', ({ spec }) => spec.attacher), format: 'name' },
  column('PV', 'string', ({ spec }) => spec.source.persistentVolumeName ?? ''),
  column('Node', 'string', ({ spec }) => spec.nodeName),
  column('Attached', 'boolean', ({ status }) => status?.attached ?? false),
]
