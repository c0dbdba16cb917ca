/**
 * Every admission plugin, in upstream's order (`AllOrderedPlugins`), and among them, where it is asked, what upstream asks elsewhere. A new one is a
 * file here and a line below.
 */
import { CERTIFICATE_APPROVAL } from './certificate-approval.ts'
import { CERTIFICATE_SIGNING } from './certificate-signing.ts'
import { CERTIFICATE_SUBJECT_RESTRICTION } from './certificate-subject-restriction.ts'
import { DEFAULT_INGRESS_CLASS } from './default-ingress-class.ts'
import { DEFAULT_STORAGE_CLASS } from './default-storage-class.ts'
import { DEFAULT_TOLERATION_SECONDS } from './default-toleration-seconds.ts'
import { LIMIT_RANGER } from './limit-ranger.ts'
import { MUTATING_ADMISSION_WEBHOOK } from './mutating-webhook.ts'
import { NAMESPACE_LIFECYCLE } from './namespace-lifecycle.ts'
import { NODE_RESTRICTION } from './node-restriction/index.ts'
import { PERSISTENT_VOLUME_CLAIM_RESIZE } from './persistent-volume-claim-resize.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { POD_SECURITY } from './pod-security/index.ts'
import { PRIORITY } from './priority.ts'
import { RBAC_ESCALATION } from './rbac-escalation.ts'
import { RESOURCE_QUOTA } from './resource-quota.ts'
import { RUNTIME_CLASS } from './runtime-class.ts'
import { SERVICE_ACCOUNT } from './service-account.ts'
import { STORAGE_OBJECT_IN_USE_PROTECTION } from './storage-object-in-use-protection.ts'
import { TAINT_NODES_BY_CONDITION } from './taint-nodes-by-condition.ts'
import { VALIDATING_ADMISSION_POLICY } from './validating-admission-policy.ts'
import { VALIDATING_ADMISSION_WEBHOOK } from './validating-webhook.ts'

export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [
  NAMESPACE_LIFECYCLE,
  LIMIT_RANGER,
  SERVICE_ACCOUNT,
  NODE_RESTRICTION,
  TAINT_NODES_BY_CONDITION,
  POD_SECURITY,
  PRIORITY,
  DEFAULT_TOLERATION_SECONDS,
  DEFAULT_STORAGE_CLASS,
  STORAGE_OBJECT_IN_USE_PROTECTION,
  PERSISTENT_VOLUME_CLAIM_RESIZE,
  RUNTIME_CLASS,
  CERTIFICATE_APPROVAL,
  CERTIFICATE_SIGNING,
  CERTIFICATE_SUBJECT_RESTRICTION,
  DEFAULT_INGRESS_CLASS,
  MUTATING_ADMISSION_WEBHOOK,
  RBAC_ESCALATION,
  VALIDATING_ADMISSION_POLICY,
  VALIDATING_ADMISSION_WEBHOOK,
  RESOURCE_QUOTA,
]

/** Those of a cluster where everybody may do everything: nodes are kept from nothing, and nobody from granting. */
export const UNGUARDED_PLUGINS: readonly AdmissionPlugin[] = ADMISSION_PLUGINS.filter(
  plugin => plugin !== NODE_RESTRICTION && plugin !== RBAC_ESCALATION,
)
