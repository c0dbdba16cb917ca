/** Roles of components, and of everyone. Mirrors `ClusterRoles` of bootstrappolicy and kubeadm's own. */
import type { PolicyRule } from '../../../api/index.ts'
import { NODE_RULES } from './node-rules.ts'
import { allow, allowPaths, EVENTS, READ } from './rule-text.ts'

const CERTIFICATES = 'system:certificates.k8s.io:'
const REVIEWS = [
  allow('create', 'authentication.k8s.io', 'tokenreviews'),
  allow('create', 'authorization.k8s.io', 'subjectaccessreviews'),
]
const approver = (signer: string) => [
  allow('approve', 'certificates.k8s.io', 'signers', `kubernetes.io/${signer}`),
]
const DISCOVERY_PATHS =
  '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/'

export const SYSTEM_ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [allow('*', '*', '*'), allowPaths('*', '*')],
  'system:auth-delegator': REVIEWS,
  'system:basic-user': [
    allow('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    allow('create', 'authentication.k8s.io', 'selfsubjectreviews'),
  ],
  [`${CERTIFICATES}certificatesigningrequests:nodeclient`]: [
    allow('create', 'certificates.k8s.io', 'certificatesigningrequests/nodeclient'),
  ],
  [`${CERTIFICATES}certificatesigningrequests:selfnodeclient`]: [
    allow('create', 'certificates.k8s.io', 'certificatesigningrequests/selfnodeclient'),
  ],
  [`${CERTIFICATES}kube-apiserver-client-approver`]: approver('kube-apiserver-client'),
  [`${CERTIFICATES}kube-apiserver-client-kubelet-approver`]: approver('kube-apiserver-client-kubelet'),
  [`${CERTIFICATES}kubelet-serving-approver`]: approver('kubelet-serving'),
  [`${CERTIFICATES}legacy-unknown-approver`]: approver('legacy-unknown'),
  'system:discovery': [allowPaths('get', DISCOVERY_PATHS)],
  'system:heapster': [
    allow(READ, 'core', 'events namespaces nodes pods'),
    allow(READ, 'extensions', 'deployments'),
  ],
  'system:kube-aggregator': [allow(READ, 'core', 'endpoints services')],
  'system:kube-controller-manager': [
    EVENTS,
    allow('create', 'coordination.k8s.io', 'leases'),
    allow('get update', 'coordination.k8s.io', 'leases', 'kube-controller-manager'),
    allow('create', 'core', 'secrets serviceaccounts'),
    allow('delete', 'core', 'secrets'),
    allow('get', 'core', 'configmaps namespaces secrets serviceaccounts'),
    allow('update', 'core', 'secrets serviceaccounts'),
    ...REVIEWS,
    allow('list watch', '*', '*'),
    allow('create', 'core', 'serviceaccounts/token'),
  ],
  'system:kube-dns': [allow('list watch', 'core', 'endpoints services')],
  'system:kube-scheduler': [
    EVENTS,
    allow('create', 'coordination.k8s.io', 'leases'),
    allow('get list update watch', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
    allow('create', 'coordination.k8s.io', 'leasecandidates'),
    allow(READ, 'core', 'nodes'),
    allow('delete get list watch', 'core', 'pods'),
    allow('create', 'core', 'bindings pods/binding'),
    allow('patch update', 'core', 'pods/status'),
    allow(READ, 'core', 'replicationcontrollers services'),
    allow(READ, 'apps extensions', 'replicasets'),
    allow(READ, 'apps', 'statefulsets'),
    allow(READ, 'policy', 'poddisruptionbudgets'),
    allow('get list patch update watch', 'core', 'persistentvolumeclaims persistentvolumes'),
    ...REVIEWS,
    allow(READ, 'storage.k8s.io', 'csinodes'),
    allow(READ, 'core', 'namespaces'),
    allow(READ, 'storage.k8s.io', 'csidrivers'),
    allow(READ, 'storage.k8s.io', 'csistoragecapacities'),
    allow(READ, 'storage.k8s.io', 'volumeattachments'),
  ],
  'system:kubelet-api-admin': [
    allow(READ, 'core', 'nodes'),
    allow('proxy', 'core', 'nodes'),
    allow(
      '*',
      'core',
      'nodes/configz nodes/healthz nodes/log nodes/metrics nodes/pods nodes/proxy nodes/stats',
    ),
  ],
  'system:monitoring': [
    allowPaths('get', '/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*'),
  ],
  'system:node': NODE_RULES,
  'system:node-bootstrapper': [
    allow('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
  ],
  'system:node-problem-detector': [
    allow('get', 'core', 'nodes'),
    allow('patch', 'core', 'nodes/status'),
    EVENTS,
  ],
  'system:node-proxier': [
    allow('list watch', 'core', 'endpoints services'),
    allow(READ, 'core', 'nodes'),
    EVENTS,
    allow('list watch', 'discovery.k8s.io', 'endpointslices'),
    allow('list watch', 'networking.k8s.io', 'servicecidrs'),
  ],
  'system:persistent-volume-provisioner': [
    allow('create delete get list watch', 'core', 'persistentvolumes'),
    allow('get list update watch', 'core', 'persistentvolumeclaims'),
    allow(READ, 'storage.k8s.io', 'storageclasses'),
    allow('watch', 'core', 'events'),
    EVENTS,
  ],
  'system:public-info-viewer': [allowPaths('get', '/healthz /livez /readyz /version /version/')],
  'system:service-account-issuer-discovery': [
    allowPaths(
      'get',
      '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/',
    ),
  ],
  'system:volume-scheduler': [
    allow('get list patch update watch', 'core', 'persistentvolumes'),
    allow(READ, 'storage.k8s.io', 'storageclasses'),
    allow('get list patch update watch', 'core', 'persistentvolumeclaims'),
  ],
}
