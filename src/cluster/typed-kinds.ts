/**
 * What a program gets for what it types: `cluster.list('pods')` are Pods. Any other word (a short name, a custom
 * resource) gives plain objects.
 */
import type {
  ConfigMap,
  ControllerRevision,
  CronJob,
  DaemonSet,
  Deployment,
  EndpointSlice,
  EndpointsObject,
  Event,
  HorizontalPodAutoscaler,
  Job,
  KubeObject,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
} from '../api/index.ts'

interface Singulars {
  configmap: ConfigMap
  controllerrevision: ControllerRevision
  cronjob: CronJob
  daemonset: DaemonSet
  deployment: Deployment
  endpointslice: EndpointSlice
  event: Event
  horizontalpodautoscaler: HorizontalPodAutoscaler
  job: Job
  lease: Lease
  namespace: Namespace
  node: Node
  persistentvolume: PersistentVolume
  persistentvolumeclaim: PersistentVolumeClaim
  pod: Pod
  replicaset: ReplicaSet
  replicationcontroller: ReplicationController
  secret: Secret
  service: Service
  serviceaccount: ServiceAccount
  statefulset: StatefulSet
}

type Plurals = { [K in keyof Singulars as `${K}s`]: Singulars[K] }

interface Irregular {
  endpoints: EndpointsObject
  storageclass: StorageClass
  storageclasses: StorageClass
}

type KindTypes = Singulars & Plurals & Irregular

/** The type of the objects that a word means. */
export type ObjectOf<K extends string> = K extends keyof KindTypes ? KindTypes[K] : KubeObject
