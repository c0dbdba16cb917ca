/** Every admission plugin, in upstream's order (`AllOrderedPlugins`). A new one is a file here and a line below. */
import { DEFAULT_TOLERATION_SECONDS } from './default-toleration-seconds.ts'
import { NAMESPACE_LIFECYCLE } from './namespace-lifecycle.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { SERVICE_ACCOUNT } from './service-account.ts'

export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [
  NAMESPACE_LIFECYCLE,
  SERVICE_ACCOUNT,
  DEFAULT_TOLERATION_SECONDS,
]
