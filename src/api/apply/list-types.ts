/**
 * How fields are owned and merged where the general rule does not hold (maps field by field, lists as a whole): the
 * `x-kubernetes-list-type`, `list-map-keys` and `map-type` of Kubernetes 1.33's published types, by type and field.
 */

/** What is special about one type. */
export interface TypeFacts {
  /** The value is one field, owned as a whole. */
  readonly isAtomic?: true
  /** Maps that are owned as a whole. */
  readonly atomicMaps?: readonly string[]
  /** Lists of plain values without order, each owned by itself. */
  readonly sets?: readonly string[]
  /** Lists of maps: the fields that tell elements apart. */
  readonly keys?: Readonly<Record<string, readonly string[]>>
  /** Structs and lists that are there even when empty (Go cannot leave them out): nobody owns them by filling them. */
  readonly values?: readonly string[]
  /** Fields that are merged field by field although their type is atomic elsewhere. */
  readonly granular?: readonly string[]
  /** What a missing key field counts as. */
  readonly defaults?: Readonly<Record<string, unknown>>
}

const ATOMIC: TypeFacts = { isAtomic: true }
const OBJECT: readonly string[] = ['metadata', 'spec', 'status']
const CONDITIONS = { conditions: ['type'] } as const

const CONTAINER: TypeFacts = {
  keys: {
    env: ['name'],
    ports: ['containerPort', 'protocol'],
    volumeDevices: ['devicePath'],
    volumeMounts: ['mountPath'],
  },
  values: ['resources'],
}

const WEBHOOK: TypeFacts = { keys: { matchConditions: ['name'] }, values: ['clientConfig'] }

/** By the type's name in Go. Every object has its metadata, spec and status as values. */
export const TYPE_FACTS: Readonly<Record<string, TypeFacts>> = {
  // meta
  LabelSelector: ATOMIC,
  ObjectMeta: { sets: ['finalizers'], keys: { ownerReferences: ['uid'] } },
  OwnerReference: ATOMIC,
  // admissionregistration
  MatchResources: ATOMIC,
  MutatingWebhook: WEBHOOK,
  MutatingWebhookConfiguration: { keys: { webhooks: ['name'] } },
  NamedRuleWithOperations: ATOMIC,
  ParamKind: ATOMIC,
  ParamRef: ATOMIC,
  ValidatingAdmissionPolicyBindingSpec: { sets: ['validationActions'] },
  ValidatingAdmissionPolicySpec: { keys: { matchConditions: ['name'], variables: ['name'] } },
  ValidatingAdmissionPolicyStatus: { keys: CONDITIONS },
  ValidatingWebhook: WEBHOOK,
  ValidatingWebhookConfiguration: { keys: { webhooks: ['name'] } },
  Variable: ATOMIC,
  // apiextensions, apiregistration
  JSONSchemaProps: { keys: { 'x-kubernetes-validations': ['rule'] } },
  APIServiceStatus: { keys: CONDITIONS },
  CustomResourceDefinitionSpec: { values: ['names'] },
  CustomResourceDefinitionStatus: { keys: CONDITIONS, values: ['acceptedNames'] },
  // apps
  DaemonSetSpec: { values: ['template', 'updateStrategy'] },
  DaemonSetStatus: { keys: CONDITIONS },
  DeploymentSpec: { values: ['strategy', 'template'] },
  DeploymentStatus: { keys: CONDITIONS },
  ReplicaSetSpec: { values: ['template'] },
  ReplicaSetStatus: { keys: CONDITIONS },
  StatefulSetSpec: { values: ['template', 'updateStrategy'] },
  StatefulSetStatus: { keys: CONDITIONS },
  // autoscaling
  ContainerResourceMetricSource: { values: ['target'] },
  CrossVersionObjectReference: ATOMIC,
  ExternalMetricSource: { values: ['metric', 'target'] },
  HorizontalPodAutoscalerSpec: { values: ['scaleTargetRef'] },
  HorizontalPodAutoscalerStatus: { keys: CONDITIONS },
  V2ContainerResourceMetricSource: { values: ['target'] },
  V2ExternalMetricSource: { values: ['metric', 'target'] },
  V2HorizontalPodAutoscalerSpec: { values: ['scaleTargetRef'] },
  V2HorizontalPodAutoscalerStatus: { keys: CONDITIONS },
  V2ObjectMetricSource: { values: ['describedObject', 'metric', 'target'] },
  V2PodsMetricSource: { values: ['metric', 'target'] },
  V2ResourceMetricSource: { values: ['target'] },
  // batch
  CronJobSpec: { values: ['jobTemplate'] },
  JobSpec: { values: ['template'] },
  PodFailurePolicyOnExitCodesRequirement: { sets: ['values'] },
  UncountedTerminatedPods: { sets: ['failed', 'succeeded'] },
  // certificates
  CertificateSigningRequestStatus: { keys: CONDITIONS },
  // core
  ConfigMapKeySelector: ATOMIC,
  ComponentStatus: { keys: CONDITIONS },
  Container: CONTAINER,
  ContainerPort: { defaults: { protocol: 'TCP' } },
  ContainerStatus: {
    keys: { allocatedResourcesStatus: ['name'], volumeMounts: ['mountPath'] },
    values: ['lastState', 'state'],
  },
  EndpointAddress: ATOMIC,
  EndpointPort: ATOMIC,
  EphemeralContainer: CONTAINER,
  Event: { values: ['involvedObject', 'source', 'regarding', 'deprecatedSource'] },
  LocalObjectReference: ATOMIC,
  NamespaceStatus: { keys: CONDITIONS },
  NodeDaemonEndpoints: { values: ['kubeletEndpoint'] },
  NodeSelector: ATOMIC,
  NodeSelectorTerm: ATOMIC,
  NodeSpec: { sets: ['podCIDRs'] },
  NodeStatus: {
    keys: { addresses: ['type'], ...CONDITIONS },
    values: ['daemonEndpoints', 'nodeInfo'],
  },
  ObjectFieldSelector: ATOMIC,
  ObjectReference: ATOMIC,
  PersistentVolumeClaimSpec: { values: ['resources'] },
  PersistentVolumeClaimStatus: { keys: CONDITIONS },
  PersistentVolumeSpec: { granular: ['claimRef'] },
  PodSpec: {
    atomicMaps: ['nodeSelector'],
    keys: {
      containers: ['name'],
      ephemeralContainers: ['name'],
      hostAliases: ['ip'],
      imagePullSecrets: ['name'],
      initContainers: ['name'],
      resourceClaims: ['name'],
      schedulingGates: ['name'],
      topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
      volumes: ['name'],
    },
    values: ['containers'],
  },
  PodStatus: {
    keys: { ...CONDITIONS, podIPs: ['ip'], resourceClaimStatuses: ['name'] },
  },
  PodTemplate: { values: ['template'] },
  PreferredSchedulingTerm: { values: ['preference'] },
  ReplicationControllerSpec: { atomicMaps: ['selector'] },
  ReplicationControllerStatus: { keys: CONDITIONS },
  ResourceFieldSelector: ATOMIC,
  ResourceRequirements: { keys: { claims: ['name'] } },
  ResourceStatus: { keys: { resources: ['resourceID'] } },
  ScopeSelector: ATOMIC,
  SecretKeySelector: ATOMIC,
  SecretReference: ATOMIC,
  ServiceAccount: { keys: { secrets: ['name'] } },
  ServicePort: { defaults: { protocol: 'TCP' } },
  ServiceSpec: { atomicMaps: ['selector'], keys: { ports: ['port', 'protocol'] } },
  ServiceStatus: { keys: CONDITIONS, values: ['loadBalancer'] },
  TopologySelectorTerm: ATOMIC,
  TypedLocalObjectReference: ATOMIC,
  WeightedPodAffinityTerm: { values: ['podAffinityTerm'] },
  // discovery
  Endpoint: { sets: ['addresses'], values: ['conditions'] },
  // flowcontrol
  FlowSchemaSpec: { values: ['priorityLevelConfiguration'] },
  FlowSchemaStatus: { keys: CONDITIONS },
  LimitedPriorityLevelConfiguration: { values: ['limitResponse'] },
  NonResourcePolicyRule: { sets: ['nonResourceURLs', 'verbs'] },
  PriorityLevelConfigurationStatus: { keys: CONDITIONS },
  ResourcePolicyRule: { sets: ['apiGroups', 'namespaces', 'resources', 'verbs'] },
  // networking
  HTTPIngressPath: { values: ['backend'] },
  IngressServiceBackend: { values: ['port'] },
  IngressStatus: { values: ['loadBalancer'] },
  NetworkPolicySpec: { values: ['podSelector'] },
  ServiceBackendPort: ATOMIC,
  ServiceCIDRStatus: { keys: CONDITIONS },
  // node, policy, rbac, storage
  CSIDriverSpec: { sets: ['volumeLifecycleModes'] },
  CSINodeSpec: { keys: { drivers: ['name'] } },
  ClusterRoleBinding: { values: ['roleRef'] },
  PodDisruptionBudgetStatus: { keys: CONDITIONS },
  RoleBinding: { values: ['roleRef'] },
  RoleRef: ATOMIC,
  Scheduling: { atomicMaps: ['nodeSelector'] },
  Subject: ATOMIC,
  VolumeAttachmentSpec: { values: ['source'] },
}

/** Fields that are values in whatever type has them as a struct. */
export const ALWAYS_VALUES: ReadonlySet<string> = new Set(OBJECT)
