/**
 * Which lists a strategic merge patch merges, and by what key: facts of Kubernetes' types (`patchStrategy` and
 * `patchMergeKey` of k8s.io/api 1.33), by type and field. What is not listed follows the general rule: maps are
 * merged, lists are replaced.
 */

/** How one field takes a patch. */
export interface MergeRule {
  /** Lists that are merged: the field that tells elements apart; '' for lists of plain values. */
  readonly mergeKey?: string
  /** Fields that exclude each other: a patch made by apply names those to keep. */
  readonly retainKeys?: true
  /** The type of the value, or of a list's elements, where something below it has rules. */
  readonly type?: string
}

/** The rules of the fields of one type. */
export type MergeRules = Readonly<Record<string, MergeRule>>

/** No rules: every map merged, every list replaced. */
const NO_RULES: MergeRules = Object.freeze({})

const CONDITIONS: MergeRules = { conditions: { mergeKey: 'type' } }

const CONTAINER: MergeRules = {
  ports: { mergeKey: 'containerPort' },
  env: { mergeKey: 'name' },
  volumeMounts: { mergeKey: 'mountPath' },
  volumeDevices: { mergeKey: 'devicePath' },
}

const TYPES: Readonly<Record<string, MergeRules>> = {
  ObjectMeta: {
    ownerReferences: { mergeKey: 'uid' },
    finalizers: { mergeKey: '' },
  },
  PodTemplateSpec: { metadata: { type: 'ObjectMeta' }, spec: { type: 'PodSpec' } },
  PodSpec: {
    volumes: { mergeKey: 'name', retainKeys: true, type: 'Volume' },
    initContainers: { mergeKey: 'name', type: 'Container' },
    containers: { mergeKey: 'name', type: 'Container' },
    ephemeralContainers: { mergeKey: 'name', type: 'Container' },
    imagePullSecrets: { mergeKey: 'name' },
    hostAliases: { mergeKey: 'ip' },
    topologySpreadConstraints: { mergeKey: 'topologyKey' },
    schedulingGates: { mergeKey: 'name' },
    resourceClaims: { mergeKey: 'name', retainKeys: true },
  },
  Container: CONTAINER,
  Volume: { ephemeral: { type: 'EphemeralVolumeSource' } },
  EphemeralVolumeSource: { volumeClaimTemplate: { type: 'PersistentVolumeClaimTemplate' } },
  PersistentVolumeClaimTemplate: { metadata: { type: 'ObjectMeta' } },
  PodStatus: {
    ...CONDITIONS,
    hostIPs: { mergeKey: 'ip' },
    podIPs: { mergeKey: 'ip' },
    resourceClaimStatuses: { mergeKey: 'name', retainKeys: true },
  },
  Conditions: CONDITIONS,
  ServiceSpec: { ports: { mergeKey: 'port' } },
  NodeSpec: { podCIDRs: { mergeKey: '' } },
  NodeStatus: { ...CONDITIONS, addresses: { mergeKey: 'type' } },
  DeploymentSpec: { strategy: { retainKeys: true }, template: { type: 'PodTemplateSpec' } },
  CronJobSpec: { jobTemplate: { type: 'JobTemplateSpec' } },
  JobTemplateSpec: { metadata: { type: 'ObjectMeta' }, spec: { type: 'TemplateOwnerSpec' } },
  TemplateOwnerSpec: { template: { type: 'PodTemplateSpec' } },
}

const METADATA_ONLY: MergeRules = { metadata: { type: 'ObjectMeta' } }

const workload = (spec: string): MergeRules => ({
  ...METADATA_ONLY,
  spec: { type: spec },
  status: { type: 'Conditions' },
})

/** Webhooks are told apart by their names. */
const WEBHOOKS: MergeRules = { ...METADATA_ONLY, webhooks: { mergeKey: 'name' } }

const KINDS: Readonly<Record<string, MergeRules>> = {
  APIService: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  CertificateSigningRequest: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  ClusterRole: METADATA_ONLY,
  ClusterRoleBinding: METADATA_ONLY,
  ConfigMap: METADATA_ONLY,
  ControllerRevision: METADATA_ONLY,
  CronJob: { ...METADATA_ONLY, spec: { type: 'CronJobSpec' } },
  CSIDriver: METADATA_ONLY,
  CSINode: METADATA_ONLY,
  CSIStorageCapacity: METADATA_ONLY,
  CustomResourceDefinition: METADATA_ONLY,
  DaemonSet: workload('TemplateOwnerSpec'),
  Deployment: workload('DeploymentSpec'),
  Endpoints: METADATA_ONLY,
  EndpointSlice: METADATA_ONLY,
  Event: METADATA_ONLY,
  FlowSchema: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  HorizontalPodAutoscaler: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  Ingress: METADATA_ONLY,
  IngressClass: METADATA_ONLY,
  IPAddress: METADATA_ONLY,
  Job: workload('TemplateOwnerSpec'),
  Lease: METADATA_ONLY,
  LimitRange: METADATA_ONLY,
  MutatingWebhookConfiguration: WEBHOOKS,
  Namespace: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  NetworkPolicy: METADATA_ONLY,
  Node: { ...METADATA_ONLY, spec: { type: 'NodeSpec' }, status: { type: 'NodeStatus' } },
  PersistentVolume: METADATA_ONLY,
  PersistentVolumeClaim: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  Pod: { ...METADATA_ONLY, spec: { type: 'PodSpec' }, status: { type: 'PodStatus' } },
  PodDisruptionBudget: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  PodTemplate: { ...METADATA_ONLY, template: { type: 'PodTemplateSpec' } },
  PriorityClass: METADATA_ONLY,
  PriorityLevelConfiguration: { ...METADATA_ONLY, status: { type: 'Conditions' } },
  ReplicaSet: workload('TemplateOwnerSpec'),
  ReplicationController: workload('TemplateOwnerSpec'),
  ResourceQuota: METADATA_ONLY,
  Role: METADATA_ONLY,
  RoleBinding: METADATA_ONLY,
  RuntimeClass: METADATA_ONLY,
  Secret: METADATA_ONLY,
  Service: { ...METADATA_ONLY, spec: { type: 'ServiceSpec' }, status: { type: 'Conditions' } },
  ServiceAccount: { ...METADATA_ONLY, secrets: { mergeKey: 'name' } },
  ServiceCIDR: METADATA_ONLY,
  StatefulSet: workload('TemplateOwnerSpec'),
  StorageClass: METADATA_ONLY,
  ValidatingAdmissionPolicy: METADATA_ONLY,
  ValidatingAdmissionPolicyBinding: METADATA_ONLY,
  ValidatingWebhookConfiguration: WEBHOOKS,
  VolumeAttachment: METADATA_ONLY,
}

/** The rules of a built-in kind; undefined for custom resources, which take no strategic merge patch. */
export function mergeRulesOf(kind: string): MergeRules | undefined {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
}

/** The rules for what lies below a field. */
export function rulesBelow(rule: MergeRule | undefined): MergeRules {
  return (rule?.type !== undefined && TYPES[rule.type]) || NO_RULES
}

/** The rule of a field, if it has one. */
export function ruleOf(rules: MergeRules, field: string): MergeRule | undefined {
  return Object.hasOwn(rules, field) ? rules[field] : undefined
}
