/**
 * Every controller of kube-controller-manager that is modelled, in its order of start. A new one is a folder here
 * and a line in one of the two lists: pure reconciles, which a ControllerHost runs, and components with a memory
 * of their own.
 */
import { type AnyKind, KINDS } from '../api/index.ts'
import type { AnyController, ApiPort, Informers } from '../client/index.ts'
import type { Scope } from '../sim/index.ts'
import { bootstrapSigner } from './bootstrap-signer/index.ts'
import { CertificateApprover } from './certificatesigningrequest-approving/index.ts'
import { CertificateCleaner } from './certificatesigningrequest-cleaner/index.ts'
import { type CertificateSigner, CertificateSigning } from './certificatesigningrequest-signing/index.ts'
import { clusterRoleAggregation } from './clusterrole-aggregation/index.ts'
import { cronJobController } from './cronjob/index.ts'
import { daemonSetController } from './daemonset/index.ts'
import { deploymentController } from './deployment/index.ts'
import { disruptionController } from './disruption/index.ts'
import { EndpointsController } from './endpoints/index.ts'
import { EndpointSliceController } from './endpointslice/index.ts'
import { GarbageCollector } from './garbage-collector/index.ts'
import { HorizontalPodAutoscalerController } from './horizontal-pod-autoscaler/index.ts'
import type { ResourceMetrics } from './horizontal-pod-autoscaler/metrics.ts'
import { jobController } from './job/index.ts'
import { NamespaceController } from './namespace/index.ts'
import { NodeIpam } from './node-ipam/index.ts'
import { NodeLifecycleController } from './node-lifecycle/index.ts'
import { PodGarbageCollector } from './pod-garbage-collector/index.ts'
import { persistentVolumeProtection } from './pv-protection/index.ts'
import { persistentVolumeClaimProtection } from './pvc-protection/index.ts'
import { replicaSetController } from './replicaset/index.ts'
import { replicationController } from './replicationcontroller/index.ts'
import { resourceQuotaController } from './resourcequota/index.ts'
import { rootCaCertificatePublisher, STAND_IN_CERTIFICATE } from './root-ca-certificate-publisher/index.ts'
import { serviceAccountController } from './serviceaccount/index.ts'
import { type SecretTokens, ServiceAccountTokens } from './serviceaccount-token/index.ts'
import { statefulSetController } from './statefulset/index.ts'
import { tokenCleaner } from './token-cleaner/index.ts'
import { ttlAfterFinishedController } from './ttl-after-finished/index.ts'

/** Which of the pure controllers are wanted, and with what. */
export interface ControllerChoice {
  /** Those too that only a cluster with RBAC has work for; false unless given. */
  readonly isGuarded?: boolean
  /** The authority's certificate, PEM; {@link STAND_IN_CERTIFICATE} unless given. */
  readonly rootCertificate?: string
}

/** The pure controllers, for a ControllerHost. */
export function pureControllers(choice: ControllerChoice = {}): readonly AnyController[] {
  const { isGuarded = false, rootCertificate = STAND_IN_CERTIFICATE } = choice
  const publisher = rootCaCertificatePublisher(rootCertificate)
  return [serviceAccountController, publisher, ...ALWAYS, ...(isGuarded ? GUARDED : [])]
}

const ALWAYS: readonly AnyController[] = [
  deploymentController,
  replicaSetController,
  replicationController,
  statefulSetController,
  daemonSetController,
  jobController,
  cronJobController,
  ttlAfterFinishedController,
  disruptionController,
  persistentVolumeClaimProtection,
  persistentVolumeProtection,
  resourceQuotaController,
]

const GUARDED: readonly AnyController[] = [clusterRoleAggregation, bootstrapSigner, tokenCleaner]

/** What the controllers of certificates and tokens need; a cluster where everybody may do everything has none. */
export interface Credentials {
  /** Who signs certificates; approved requests wait for ever unless given, as upstream without `--cluster-signing-key-file`. */
  readonly signer?: CertificateSigner
  readonly tokens: SecretTokens
  /** PEM */
  readonly rootCertificate: string
}

export interface ComponentOptions {
  /** A connection for the controller of that name, with a rate limit of its own. */
  connect(name: string): ApiPort
  readonly informers: Informers
  /** `--cluster-cidr`. */
  readonly clusterCidr: string
  /** `--node-cidr-mask-size`. */
  readonly nodeCidrBits: number
  /** Kinds that are garbage collected and emptied out of namespaces; all built-in ones unless given. */
  readonly kinds?: readonly AnyKind[]
  /** Kinds made at run time, as discovery has them now; none unless given. */
  readonly customKinds?: () => readonly AnyKind[]
  /** How long changes of a Service's pods are gathered before its endpoints are written, in ms; 0 unless given. */
  readonly updatesBatchMs?: number
  /** What pods use; nothing is known of it unless given. */
  readonly metrics?: ResourceMetrics
  /** Controllers of certificates and tokens are started with it. */
  readonly credentials?: Credentials
  /** `--node-monitor-grace-period` in ms. */
  readonly monitorGraceMs?: number
}

/** Starts the controllers that are components. */
export function startComponents(scope: Scope, options: ComponentOptions): void {
  const kinds = (options.kinds ?? KINDS).filter(kind => !kind.isVirtual && !kind.storedAs)
  const { customKinds = () => [], metrics = NO_METRICS } = options
  const as = (name: string) => ({ ...options, kinds, customKinds, api: options.connect(name) })
  const components = [
    new NodeIpam(scope, as('node-ipam')),
    new NodeLifecycleController(scope, as('node-lifecycle')),
    new PodGarbageCollector(scope, as('pod-garbage-collector')),
    new EndpointSliceController(scope, as('endpointslice')),
    new EndpointsController(scope, as('endpoints')),
    new NamespaceController(scope, as('namespace')),
    new GarbageCollector(scope, as('garbage-collector')),
    new HorizontalPodAutoscalerController(scope, { ...as('horizontal-pod-autoscaler'), metrics }),
  ]
  for (const component of components) component.start()
  const { credentials, informers } = options
  if (credentials) startCredentials(scope, credentials, name => ({ api: options.connect(name), informers }))
}

function startCredentials(
  scope: Scope,
  { signer, ...tokens }: Credentials,
  as: (name: string) => Pick<ComponentOptions, 'informers'> & { api: ApiPort },
): void {
  const components = [
    new CertificateApprover(scope, as('certificatesigningrequest-approving')),
    new CertificateCleaner(scope, as('certificatesigningrequest-cleaner')),
    new ServiceAccountTokens(scope, { ...as('serviceaccount-token'), ...tokens }),
    ...(signer
      ? [new CertificateSigning(scope, { ...as('certificatesigningrequest-signing'), signer })]
      : []),
  ]
  for (const component of components) component.start()
}

const NO_METRICS: ResourceMetrics = Object.freeze({ usage: () => [] })

export type { SigningAnswer, SigningOrder } from './certificatesigningrequest-signing/index.ts'
export type { CertificateSigner, ResourceMetrics, SecretTokens }
export {
  daemonSetController,
  deploymentController,
  jobController,
  replicaSetController,
  STAND_IN_CERTIFICATE,
  statefulSetController,
  ttlAfterFinishedController,
}
