/** Every built-in kind, in the order of discovery. A new kind is a folder here and a line in each list. */
import type { AnyKind } from '../define-kind.ts'
import { APIServices } from './apiservices/index.ts'
import { Bindings } from './bindings/index.ts'
import { CertificateSigningRequests } from './certificatesigningrequests/index.ts'
import { ClusterRoleBindings } from './clusterrolebindings/index.ts'
import { ClusterRoles } from './clusterroles/index.ts'
import { ComponentStatuses } from './componentstatuses/index.ts'
import { ConfigMaps } from './configmaps/index.ts'
import { ControllerRevisions } from './controllerrevisions/index.ts'
import { CronJobs } from './cronjobs/index.ts'
import { CSIDrivers } from './csidrivers/index.ts'
import { CSINodes } from './csinodes/index.ts'
import { CSIStorageCapacities } from './csistoragecapacities/index.ts'
import { CustomResourceDefinitions } from './customresourcedefinitions/index.ts'
import { DaemonSets } from './daemonsets/index.ts'
import { Deployments } from './deployments/index.ts'
import { Endpoints } from './endpoints/index.ts'
import { EndpointSlices } from './endpointslices/index.ts'
import { Events } from './events/index.ts'
import { EventsV1 } from './events/v1.ts'
import { FlowSchemas } from './flowschemas/index.ts'
import { HorizontalPodAutoscalers } from './horizontalpodautoscalers/index.ts'
import { HorizontalPodAutoscalersV1 } from './horizontalpodautoscalers/v1.ts'
import { IngressClasses } from './ingressclasses/index.ts'
import { Ingresses } from './ingresses/index.ts'
import { IPAddresses } from './ipaddresses/index.ts'
import { Jobs } from './jobs/index.ts'
import { Leases } from './leases/index.ts'
import { LimitRanges } from './limitranges/index.ts'
import { LocalSubjectAccessReviews } from './localsubjectaccessreviews/index.ts'
import { MutatingWebhookConfigurations } from './mutatingwebhookconfigurations/index.ts'
import { Namespaces } from './namespaces/index.ts'
import { NetworkPolicies } from './networkpolicies/index.ts'
import { NodeMetricses } from './nodemetrics/index.ts'
import { Nodes } from './nodes/index.ts'
import { PersistentVolumeClaims } from './persistentvolumeclaims/index.ts'
import { PersistentVolumes } from './persistentvolumes/index.ts'
import { PodDisruptionBudgets } from './poddisruptionbudgets/index.ts'
import { PodMetricses } from './podmetrics/index.ts'
import { Pods } from './pods/index.ts'
import { PodTemplates } from './podtemplates/index.ts'
import { PriorityClasses } from './priorityclasses/index.ts'
import { PriorityLevelConfigurations } from './prioritylevelconfigurations/index.ts'
import { ReplicaSets } from './replicasets/index.ts'
import { ReplicationControllers } from './replicationcontrollers/index.ts'
import { ResourceQuotas } from './resourcequotas/index.ts'
import { RoleBindings } from './rolebindings/index.ts'
import { Roles } from './roles/index.ts'
import { RuntimeClasses } from './runtimeclasses/index.ts'
import { Secrets } from './secrets/index.ts'
import { SelfSubjectAccessReviews } from './selfsubjectaccessreviews/index.ts'
import { SelfSubjectReviews } from './selfsubjectreviews/index.ts'
import { SelfSubjectRulesReviews } from './selfsubjectrulesreviews/index.ts'
import { ServiceAccounts } from './serviceaccounts/index.ts'
import { ServiceCIDRs } from './servicecidrs/index.ts'
import { Services } from './services/index.ts'
import { StatefulSets } from './statefulsets/index.ts'
import { StorageClasses } from './storageclasses/index.ts'
import { SubjectAccessReviews } from './subjectaccessreviews/index.ts'
import { TokenReviews } from './tokenreviews/index.ts'
import { ValidatingAdmissionPolicies } from './validatingadmissionpolicies/index.ts'
import { ValidatingAdmissionPolicyBindings } from './validatingadmissionpolicybindings/index.ts'
import { ValidatingWebhookConfigurations } from './validatingwebhookconfigurations/index.ts'
import { VolumeAttachments } from './volumeattachments/index.ts'

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
  Roles,
  RoleBindings,
  ClusterRoles,
  ClusterRoleBindings,
  CertificateSigningRequests,
  TokenReviews,
  SelfSubjectReviews,
  SubjectAccessReviews,
  LocalSubjectAccessReviews,
  SelfSubjectAccessReviews,
  SelfSubjectRulesReviews,
  ControllerRevisions,
  PersistentVolumes,
  PersistentVolumeClaims,
  StorageClasses,
  PodDisruptionBudgets,
  CustomResourceDefinitions,
  PriorityClasses,
  RuntimeClasses,
  CSIDrivers,
  CSINodes,
  CSIStorageCapacities,
  VolumeAttachments,
  LimitRanges,
  ResourceQuotas,
  MutatingWebhookConfigurations,
  ValidatingWebhookConfigurations,
  ValidatingAdmissionPolicies,
  ValidatingAdmissionPolicyBindings,
  Ingresses,
  IngressClasses,
  NetworkPolicies,
  IPAddresses,
  ServiceCIDRs,
  CronJobs,
  HorizontalPodAutoscalers,
  ReplicationControllers,
  PodTemplates,
  FlowSchemas,
  PriorityLevelConfigurations,
  APIServices,
  HorizontalPodAutoscalersV1,
  EventsV1,
  Bindings,
  ComponentStatuses,
  // After those whose names they share.
  NodeMetricses,
  PodMetricses,
]

export type { APIService } from './apiservices/types.ts'
export { parsedRequest } from './certificatesigningrequests/parsed.ts'
export type { CertificateCondition, CertificateSigningRequest } from './certificatesigningrequests/types.ts'
export type { ClusterRoleBinding } from './clusterrolebindings/types.ts'
export type { ClusterRole } from './clusterroles/types.ts'
export type { ComponentStatus } from './componentstatuses/types.ts'
export type { ConfigMap } from './configmaps/types.ts'
export type { ControllerRevision } from './controllerrevisions/types.ts'
export type { CronJob } from './cronjobs/types.ts'
export type { CSIDriver } from './csidrivers/types.ts'
export type { CSINode } from './csinodes/types.ts'
export type { CSIStorageCapacity } from './csistoragecapacities/types.ts'
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
export type { FlowSchema } from './flowschemas/types.ts'
export type { HorizontalPodAutoscaler } from './horizontalpodautoscalers/types.ts'
export type { IngressClass } from './ingressclasses/types.ts'
export type { Ingress } from './ingresses/types.ts'
export type { IPAddress } from './ipaddresses/types.ts'
export { JOB_LABELS } from './jobs/rules.ts'
export type { Job } from './jobs/types.ts'
export type { Lease } from './leases/types.ts'
export type { LimitRange } from './limitranges/types.ts'
export type { LocalSubjectAccessReview } from './localsubjectaccessreviews/types.ts'
export type { MutatingWebhookConfiguration } from './mutatingwebhookconfigurations/types.ts'
export type { Namespace } from './namespaces/types.ts'
export type { NetworkPolicy } from './networkpolicies/types.ts'
export type { NodeMetrics } from './nodemetrics/types.ts'
export { nodeRoles, nodeStatusText } from './nodes/columns.ts'
export type { Node } from './nodes/types.ts'
export type { PersistentVolumeClaim } from './persistentvolumeclaims/types.ts'
export type { PersistentVolume } from './persistentvolumes/types.ts'
export type { PodDisruptionBudget } from './poddisruptionbudgets/types.ts'
export type { PodMetrics } from './podmetrics/types.ts'
export { type QualityOfService, qualityOfService } from './pods/quality-of-service.ts'
export { type PodSummary, summarisePod } from './pods/status-text.ts'
export type { Pod } from './pods/types.ts'
export type { PodTemplate } from './podtemplates/types.ts'
export type { PriorityClass } from './priorityclasses/types.ts'
export type { PriorityLevelConfiguration } from './prioritylevelconfigurations/types.ts'
export type { ReplicaSet } from './replicasets/types.ts'
export type { ReplicationController } from './replicationcontrollers/types.ts'
export type { ResourceQuota } from './resourcequotas/types.ts'
export type { RoleBinding } from './rolebindings/types.ts'
export type { Role } from './roles/types.ts'
export type { RuntimeClass } from './runtimeclasses/types.ts'
export type { Secret } from './secrets/types.ts'
export type { SelfSubjectAccessReview } from './selfsubjectaccessreviews/types.ts'
export type { SelfSubjectReview } from './selfsubjectreviews/types.ts'
export type { SelfSubjectRulesReview } from './selfsubjectrulesreviews/types.ts'
export type { ServiceAccount } from './serviceaccounts/types.ts'
export type { ServiceCIDR } from './servicecidrs/types.ts'
export { isHeadless } from './services/rules.ts'
export type { Service } from './services/types.ts'
export { NO_TIME } from './shared/fill.ts'
export { freezeDeep } from './shared/freeze.ts'
export { type PolicyRule, RBAC_GROUP } from './shared/policy-rules.ts'
export type { Binding, RoleRef, Subject } from './shared/role-bindings.ts'
export { accessModesText, storageClassName } from './shared/storage-columns.ts'
export { usageText } from './shared/usage.ts'
export type { StatefulSet } from './statefulsets/types.ts'
export type { StorageClass } from './storageclasses/types.ts'
export type { SubjectAccessReview } from './subjectaccessreviews/types.ts'
export type { TokenReview } from './tokenreviews/types.ts'
export type { ValidatingAdmissionPolicy } from './validatingadmissionpolicies/types.ts'
export type { ValidatingAdmissionPolicyBinding } from './validatingadmissionpolicybindings/types.ts'
export type { ValidatingWebhookConfiguration } from './validatingwebhookconfigurations/types.ts'
export type { VolumeAttachment } from './volumeattachments/types.ts'
export {
  APIServices,
  Bindings,
  CertificateSigningRequests,
  ClusterRoleBindings,
  ClusterRoles,
  ComponentStatuses,
  ConfigMaps,
  ControllerRevisions,
  CronJobs,
  CSIDrivers,
  CSINodes,
  CSIStorageCapacities,
  CustomResourceDefinitions,
  DaemonSets,
  Deployments,
  EndpointSlices,
  Endpoints,
  Events,
  FlowSchemas,
  HorizontalPodAutoscalers,
  IngressClasses,
  Ingresses,
  IPAddresses,
  Jobs,
  Leases,
  LimitRanges,
  LocalSubjectAccessReviews,
  MutatingWebhookConfigurations,
  Namespaces,
  NetworkPolicies,
  NodeMetricses,
  Nodes,
  PersistentVolumeClaims,
  PersistentVolumes,
  PodDisruptionBudgets,
  PodMetricses,
  Pods,
  PodTemplates,
  PriorityClasses,
  PriorityLevelConfigurations,
  ReplicaSets,
  ReplicationControllers,
  ResourceQuotas,
  RoleBindings,
  Roles,
  RuntimeClasses,
  Secrets,
  SelfSubjectAccessReviews,
  SelfSubjectReviews,
  SelfSubjectRulesReviews,
  ServiceAccounts,
  ServiceCIDRs,
  Services,
  StatefulSets,
  StorageClasses,
  SubjectAccessReviews,
  TokenReviews,
  ValidatingAdmissionPolicies,
  ValidatingAdmissionPolicyBindings,
  ValidatingWebhookConfigurations,
  VolumeAttachments,
}
