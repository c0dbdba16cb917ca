/** `kubectl get csidrivers` */
import type { Column } from '../../define-kind.ts'
import { column, NONE, UNSET } from '../shared/columns.ts'
import type { CSIDriver } from './types.ts'

export const csiDriverColumns: readonly Column<CSIDriver>[] = [
  column('AttachRequired', 'boolean', ({ spec }) => spec.attachRequired ?? true),
  column('PodInfoOnMount', 'boolean', ({ spec }) => spec.podInfoOnMount ?? false),
  column('StorageCapacity', 'boolean', ({ spec }) => spec.storageCapacity ?? false),
  column('TokenRequests', 'string', ({ spec }) => {
    return spec.tokenRequests?.map(request => request.audience).join(',') ?? UNSET
  }),
  column('RequiresRepublish', 'boolean', ({ spec }) => spec.requiresRepublish ?? false),
  column('Modes', 'string', ({ spec }) => spec.volumeLifecycleModes?.join(',') || NONE),
]
