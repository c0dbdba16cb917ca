/** Every admission plugin, in upstream's order (`AllOrderedPlugins`). A new one is a file here and a line below. */
import { DEFAULT_STORAGE_CLASS } from './default-storage-class.ts'
import { DEFAULT_TOLERATION_SECONDS } from './default-toleration-seconds.ts'
import { NAMESPACE_LIFECYCLE } from './namespace-lifecycle.ts'
import { PERSISTENT_VOLUME_CLAIM_RESIZE } from './persistent-volume-claim-resize.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { POD_SECURITY } from './pod-security/index.ts'
import { SERVICE_ACCOUNT } from './service-account.ts'
import { STORAGE_OBJECT_IN_USE_PROTECTION } from './storage-object-in-use-protection.ts'
import { TAINT_NODES_BY_CONDITION } from './taint-nodes-by-condition.ts'

export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [
  NAMESPACE_LIFECYCLE,
  SERVICE_ACCOUNT,
  TAINT_NODES_BY_CONDITION,
  POD_SECURITY,
  DEFAULT_TOLERATION_SECONDS,
  STORAGE_OBJECT_IN_USE_PROTECTION,
  PERSISTENT_VOLUME_CLAIM_RESIZE,
  DEFAULT_STORAGE_CLASS,
]
