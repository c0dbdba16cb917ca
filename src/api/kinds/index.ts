/** Every built-in kind, in the order of discovery. A new kind is a folder here and a line in each list. */
import type { AnyKind } from '../define-kind.ts'
import { ConfigMaps } from './configmaps/index.ts'
import { ControllerRevisions } from './controllerrevisions/index.ts'
import { CustomResourceDefinitions } from './customresourcedefinitions/index.ts'
import { DaemonSets } from './daemonsets/index.ts'
import { Deployments } from './deployments/index.ts'
import { Endpoints } from './endpoints/index.ts'
import { EndpointSlices } from './endpointslices/index.ts'
import { Events } from './events/index.ts'
import { Jobs } from './jobs/index.ts'
import { Leases } from './leases/index.ts'
import { Namespaces } from './namespaces/index.ts'
import { Nodes } from './nodes/index.ts'
import { PersistentVolumeClaims } from './persistentvolumeclaims/index.ts'
import { PersistentVolumes } from './persistentvolumes/index.ts'
import { PodDisruptionBudgets } from './poddisruptionbudgets/index.ts'
import { Pods } from './pods/index.ts'
import { ReplicaSets } from './replicasets/index.ts'
import { Secrets } from './secrets/index.ts'
import { ServiceAccounts } from './serviceaccounts/index.ts'
import { Services } from './services/index.ts'
import { StatefulSets } from './statefulsets/index.ts'
import { StorageClasses } from './storageclasses/index.ts'

export const KINDS: readonly AnyKind[] = [
  Namespaces,
  Nodes,
  Pods,
  Services,
  Endpoints,
  EndpointSlices,
  ConfigMaps,
  Secrets,
  ServiceAccounts,
  ReplicaSets,
  Deployments,
  Events,
  Leases,
  StatefulSets,
  DaemonSets,
  Jobs,
  ControllerRevisions,
  PersistentVolumes,
  PersistentVolumeClaims,
  StorageClasses,
  PodDisruptionBudgets,
  CustomResourceDefinitions,
]

export type { ConfigMap } from './configmaps/types.ts'
export type { ControllerRevision } from './controllerrevisions/types.ts'
export type {
  CustomResourceDefinition,
  CustomResourceVersion,
  JsonSchema,
  ValidationRule,
} from './customresourcedefinitions/types.ts'
export type { DaemonSet } from './daemonsets/types.ts'
export type { Deployment } from './deployments/types.ts'
export type { EndpointsObject } from './endpoints/types.ts'
export type { EndpointSlice } from './endpointslices/types.ts'
export type { Event } from './events/types.ts'
export { JOB_LABELS } from './jobs/rules.ts'
export type { Job } from './jobs/types.ts'
export type { Lease } from './leases/types.ts'
export type { Namespace } from './namespaces/types.ts'
export { nodeRoles, nodeStatusText } from './nodes/columns.ts'
export type { Node } from './nodes/types.ts'
export type { PersistentVolumeClaim } from './persistentvolumeclaims/types.ts'
export type { PersistentVolume } from './persistentvolumes/types.ts'
export type { PodDisruptionBudget } from './poddisruptionbudgets/types.ts'
export { type QualityOfService, qualityOfService } from './pods/quality-of-service.ts'
export { type PodSummary, summarisePod } from './pods/status-text.ts'
export type { Pod } from './pods/types.ts'
export type { ReplicaSet } from './replicasets/types.ts'
export type { Secret } from './secrets/types.ts'
export type { ServiceAccount } from './serviceaccounts/types.ts'
export { isHeadless } from './services/rules.ts'
export type { Service } from './services/types.ts'
export { NO_TIME } from './shared/fill.ts'
export { freezeDeep } from './shared/freeze.ts'
export { accessModesText, storageClassName } from './shared/storage-columns.ts'
export type { StatefulSet } from './statefulsets/types.ts'
export type { StorageClass } from './storageclasses/types.ts'
export {
  ConfigMaps,
  ControllerRevisions,
  CustomResourceDefinitions,
  DaemonSets,
  Deployments,
  EndpointSlices,
  Endpoints,
  Events,
  Jobs,
  Leases,
  Namespaces,
  Nodes,
  PersistentVolumeClaims,
  PersistentVolumes,
  PodDisruptionBudgets,
  Pods,
  ReplicaSets,
  Secrets,
  ServiceAccounts,
  Services,
  StatefulSets,
  StorageClasses,
}
