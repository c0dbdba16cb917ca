/**
 * The roles and bindings that a kubeadm cluster has from its first second, as objects without identity. Mirrors
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy and kubeadm's phases. The objects are made once a process.
 */
import {
  type AnyKind,
  ClusterRoleBindings,
  ClusterRoles,
  freezeDeep,
  type PolicyRule,
  RBAC_GROUP,
  RoleBindings,
  Roles,
  type Subject,
} from '../../../api/index.ts'
import { CONTROLLER_ROLES } from './controller-roles.ts'
import { allow, READ } from './rule-text.ts'
import { SYSTEM_ROLES } from './system-roles.ts'
import { AGGREGATE_TO_ADMIN, AGGREGATE_TO_EDIT, AGGREGATE_TO_VIEW } from './user-roles.ts'

/** One object of the policy: everything but what the server adds. */
export interface PolicyObject {
  readonly kind: AnyKind
  readonly namespace: string
  readonly name: string
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly annotations?: Readonly<Record<string, string>> | undefined
  /** For kinds that count their changes. */
  readonly generation?: number
  /** `rules`, `subjects`, `roleRef`, `aggregationRule`; the spec and status of other kinds. */
  readonly fields: object
}

const LABELS = freezeDeep({ 'kubernetes.io/bootstrapping': 'rbac-defaults' })
const ANNOTATIONS = freezeDeep({ 'rbac.authorization.kubernetes.io/autoupdate': 'true' })
const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-'
const SYSTEM = 'kube-system'
const PUBLIC = 'kube-public'
const BOOTSTRAPPERS = 'system:bootstrappers:kubeadm:default-node-token'

const user = (name: string): Subject => ({ apiGroup: RBAC_GROUP, kind: 'User', name })
const group = (name: string): Subject => ({ apiGroup: RBAC_GROUP, kind: 'Group', name })
const account = (name: string, namespace = SYSTEM): Subject => ({ kind: 'ServiceAccount', name, namespace })

let policy: readonly PolicyObject[] | undefined

/** In an order in which nothing refers to what comes later. */
export function bootstrapPolicy(): readonly PolicyObject[] {
  policy ??= freezeDeep([...clusterRoles(), ...clusterRoleBindings(), ...namespaced()])
  return policy
}

function clusterRoles(): PolicyObject[] {
  const plain = Object.entries(SYSTEM_ROLES).map(([name, rules]) => clusterRole(name, rules))
  const ofControllers = Object.entries(CONTROLLER_ROLES).map(([name, rules]) =>
    clusterRole(`system:controller:${name}`, rules),
  )
  return [
    aggregated('admin', [...AGGREGATE_TO_EDIT, METRICS_READER, ...AGGREGATE_TO_VIEW, ...AGGREGATE_TO_ADMIN]),
    aggregated('edit', [...AGGREGATE_TO_EDIT, METRICS_READER, ...AGGREGATE_TO_VIEW], 'admin'),
    aggregated('view', [...AGGREGATE_TO_VIEW, METRICS_READER], 'edit'),
    clusterRole('system:aggregate-to-admin', AGGREGATE_TO_ADMIN, 'admin'),
    clusterRole('system:aggregate-to-edit', AGGREGATE_TO_EDIT, 'edit'),
    clusterRole('system:aggregate-to-view', AGGREGATE_TO_VIEW, 'view'),
    metricsReader(),
    ...plain,
    ...ofControllers,
    { ...clusterRole('kubeadm:get-nodes', [allow('get', 'core', 'nodes')]), ...UNLABELLED },
  ]
}

/** metrics-server's own: whoever may look may look at usage. */
function metricsReader(): PolicyObject {
  const into = ['admin', 'edit', 'view'].map(name => [`${AGGREGATE}${name}`, 'true'])
  const labels = { 'k8s-app': 'metrics-server', ...Object.fromEntries(into) }
  const role = clusterRole('system:aggregated-metrics-reader', [METRICS_READER])
  return { ...role, labels, annotations: undefined }
}

const METRICS_READER = allow(READ, 'metrics.k8s.io', 'pods nodes')
const UNLABELLED = { labels: undefined, annotations: undefined }

function clusterRoleBindings(): PolicyObject[] {
  const ofKubeadm = (name: string, role: string, subject: Subject) => ({
    ...clusterBinding(name, [subject], role),
    ...UNLABELLED,
  })
  return [
    clusterBinding('cluster-admin', [group('system:masters')]),
    clusterBinding('system:basic-user', [group('system:authenticated')]),
    clusterBinding('system:discovery', [group('system:authenticated')]),
    clusterBinding('system:kube-controller-manager', [user('system:kube-controller-manager')]),
    clusterBinding('system:kube-dns', [account('kube-dns')]),
    clusterBinding('system:kube-scheduler', [user('system:kube-scheduler')]),
    clusterBinding('system:monitoring', [group('system:monitoring')]),
    clusterBinding('system:node', []),
    clusterBinding('system:node-proxier', [user('system:kube-proxy')]),
    clusterBinding('system:public-info-viewer', [
      group('system:authenticated'),
      group('system:unauthenticated'),
    ]),
    clusterBinding('system:service-account-issuer-discovery', [group('system:serviceaccounts')]),
    clusterBinding('system:volume-scheduler', [user('system:kube-scheduler')]),
    ...Object.keys(CONTROLLER_ROLES).map(name =>
      clusterBinding(`system:controller:${name}`, [account(name)]),
    ),
    ofKubeadm('kubeadm:cluster-admins', 'cluster-admin', group('kubeadm:cluster-admins')),
    ofKubeadm('kubeadm:get-nodes', 'kubeadm:get-nodes', group(BOOTSTRAPPERS)),
    ofKubeadm('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', group(BOOTSTRAPPERS)),
    ofKubeadm(
      'kubeadm:node-autoapprove-bootstrap',
      'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      group(BOOTSTRAPPERS),
    ),
    ofKubeadm(
      'kubeadm:node-autoapprove-certificate-rotation',
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      group('system:nodes'),
    ),
    ofKubeadm('kubeadm:node-proxier', 'system:node-proxier', account('kube-proxy')),
  ]
}

function namespaced(): PolicyObject[] {
  const [scheduler, manager] = [user('system:kube-scheduler'), user('system:kube-controller-manager')]
  const leader = (name: string) => [
    allow('watch', 'core', 'configmaps'),
    allow('get update', 'core', 'configmaps', name),
  ]
  const authentication = [allow(READ, 'core', 'configmaps', 'extension-apiserver-authentication')]
  const ofKubeadm = (name: string, namespace: string, rules: readonly PolicyRule[], subjects: Subject[]) => [
    { ...role(name, namespace, rules), ...UNLABELLED },
    { ...binding(name, namespace, name, subjects), ...UNLABELLED },
  ]
  return [
    role('extension-apiserver-authentication-reader', SYSTEM, authentication),
    role('system::leader-locking-kube-controller-manager', SYSTEM, leader('kube-controller-manager')),
    role('system::leader-locking-kube-scheduler', SYSTEM, leader('kube-scheduler')),
    role('system:controller:bootstrap-signer', SYSTEM, [allow(READ, 'core', 'secrets')]),
    role('system:controller:cloud-provider', SYSTEM, [allow('create get list watch', 'core', 'configmaps')]),
    role('system:controller:token-cleaner', SYSTEM, [
      allow('delete get list watch', 'core', 'secrets'),
      allow('create patch update', 'core events.k8s.io', 'events'),
    ]),
    role('system:controller:bootstrap-signer', PUBLIC, [
      allow(READ, 'core', 'configmaps'),
      allow('update', 'core', 'configmaps', 'cluster-info'),
      allow('create patch update', 'core events.k8s.io', 'events'),
    ]),
    binding(
      'system::extension-apiserver-authentication-reader',
      SYSTEM,
      'extension-apiserver-authentication-reader',
      [manager, scheduler],
    ),
    binding('system::leader-locking-kube-controller-manager', SYSTEM, undefined, [
      manager,
      account('kube-controller-manager'),
    ]),
    binding('system::leader-locking-kube-scheduler', SYSTEM, undefined, [
      scheduler,
      account('kube-scheduler'),
    ]),
    binding('system:controller:bootstrap-signer', SYSTEM, undefined, [account('bootstrap-signer')]),
    binding('system:controller:cloud-provider', SYSTEM, undefined, [account('cloud-provider')]),
    binding('system:controller:token-cleaner', SYSTEM, undefined, [account('token-cleaner')]),
    binding('system:controller:bootstrap-signer', PUBLIC, undefined, [account('bootstrap-signer')]),
    ...ofKubeadm(
      'kubeadm:bootstrap-signer-clusterinfo',
      PUBLIC,
      [allow('get', 'core', 'configmaps', 'cluster-info')],
      [user('system:anonymous')],
    ),
    ...ofKubeadm(
      'kubeadm:kubelet-config',
      SYSTEM,
      [allow('get', 'core', 'configmaps', 'kubelet-config')],
      [group('system:nodes'), group(BOOTSTRAPPERS)],
    ),
    ...ofKubeadm(
      'kubeadm:nodes-kubeadm-config',
      SYSTEM,
      [allow('get', 'core', 'configmaps', 'kubeadm-config')],
      [group(BOOTSTRAPPERS), group('system:nodes')],
    ),
    ...ofKubeadm(
      'kube-proxy',
      SYSTEM,
      [allow('get', 'core', 'configmaps', 'kube-proxy')],
      [group(BOOTSTRAPPERS)],
    ),
  ]
}

function clusterRole(name: string, rules: readonly PolicyRule[], aggregatedTo?: string): PolicyObject {
  const labels = aggregatedTo ? { ...LABELS, [`${AGGREGATE}${aggregatedTo}`]: 'true' } : LABELS
  return { kind: ClusterRoles, namespace: '', name, labels, annotations: ANNOTATIONS, fields: { rules } }
}

/** A role that the aggregation controller keeps; it begins with what the controller will find. */
function aggregated(name: string, rules: readonly PolicyRule[], into?: string): PolicyObject {
  const selector = { matchLabels: { [`${AGGREGATE}${name}`]: 'true' } }
  const base = clusterRole(name, rules, into)
  return { ...base, fields: { aggregationRule: { clusterRoleSelectors: [selector] }, rules } }
}

function role(name: string, namespace: string, rules: readonly PolicyRule[]): PolicyObject {
  return { kind: Roles, namespace, name, labels: LABELS, annotations: ANNOTATIONS, fields: { rules } }
}

function clusterBinding(name: string, subjects: readonly Subject[], to = name): PolicyObject {
  const roleRef = { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: to }
  const fields = subjects.length > 0 ? { subjects, roleRef } : { roleRef }
  return { kind: ClusterRoleBindings, namespace: '', name, labels: LABELS, annotations: ANNOTATIONS, fields }
}

function binding(
  name: string,
  namespace: string,
  to: string | undefined,
  subjects: readonly Subject[],
): PolicyObject {
  const roleRef = { apiGroup: RBAC_GROUP, kind: 'Role', name: to ?? name }
  const fields = { subjects, roleRef }
  return { kind: RoleBindings, namespace, name, labels: LABELS, annotations: ANNOTATIONS, fields }
}
