/** Who the components are to the API server: kubeadm's certificates and service accounts. */
import type { UserInfo } from '../client/index.ts'

const AUTHENTICATED = 'system:authenticated'

/** The kubeconfig a person gets: `kubernetes-admin`. */
export const ADMINISTRATOR: UserInfo = Object.freeze({
  name: 'kubernetes-admin',
  groups: Object.freeze(['kubeadm:cluster-admins', AUTHENTICATED]),
})

/**
 * flannel, kube-proxy and CoreDNS. Upstream each has an account; here they are one client, which reads what any of
 * them reads.
 */
export const NETWORK_AGENTS: UserInfo = Object.freeze({
  name: 'system:kube-proxy',
  groups: Object.freeze(['system:masters', AUTHENTICATED]),
})

/** kube-scheduler, kube-controller-manager: by certificate. */
export function componentUser(name: string): UserInfo {
  return { name: `system:${name}`, groups: [AUTHENTICATED] }
}

/** A node's kubelet, by certificate. */
export function nodeUser(name: string): UserInfo {
  return { name: `system:node:${name}`, groups: ['system:nodes', AUTHENTICATED] }
}

/** Accounts whose names do not follow from their controllers' (`--use-service-account-credentials`). */
const ACCOUNTS: Readonly<Record<string, string>> = {
  serviceaccount: 'service-account-controller',
  'root-ca-certificate-publisher': 'root-ca-cert-publisher',
  daemonset: 'daemon-set-controller',
  endpoints: 'endpoint-controller',
  'garbage-collector': 'generic-garbage-collector',
  'node-ipam': 'node-controller',
  'node-lifecycle': 'node-controller',
  'taint-eviction': 'node-controller',
  'pod-garbage-collector': 'pod-garbage-collector',
  'persistentvolumeclaim-protection': 'pvc-protection-controller',
  'persistentvolume-protection': 'pv-protection-controller',
  'persistentvolume-binder': 'persistent-volume-binder',
  'persistentvolume-attach-detach': 'attachdetach-controller',
  'persistentvolume-expander': 'expand-controller',
  'horizontal-pod-autoscaler': 'horizontal-pod-autoscaler',
  replicationcontroller: 'replication-controller',
  'clusterrole-aggregation': 'clusterrole-aggregation-controller',
  'bootstrap-signer': 'bootstrap-signer',
  'token-cleaner': 'token-cleaner',
  'certificatesigningrequest-approving': 'certificate-controller',
  'certificatesigningrequest-signing': 'certificate-controller',
  'certificatesigningrequest-cleaner': 'certificate-controller',
}

/** The one that accounts come from has none itself. */
const TOKEN_CONTROLLER = 'serviceaccount-token'

/** A controller of kube-controller-manager, by its service account. */
export function controllerUser(controller: string): UserInfo {
  if (controller === TOKEN_CONTROLLER) return componentUser('kube-controller-manager')
  const account = ACCOUNTS[controller] ?? `${controller}-controller`
  return {
    name: `system:serviceaccount:kube-system:${account}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', AUTHENTICATED],
  }
}
