/**
 * What every cluster has from its first second: the system's namespaces, and the `kubernetes` Service by which pods
 * find this server. Mirrors kube-apiserver's systemnamespaces and kubernetesservice controllers; they look every
 * minute and every ten seconds, this makes sure once at start.
 */
import { API_SERVER, Namespaces, PriorityClasses, ServiceCIDRs } from '../api/index.ts'
import { type ApiResult, type ApiServerPort, requestFor } from '../client/index.ts'
import { callback, type Routine } from '../sim/index.ts'
import { apiServices } from './api-services.ts'
import { bootstrapPolicy, type PolicyObject } from './authorization/bootstrap/policy.ts'
import { reconciled } from './authorization/bootstrap/reconcile.ts'
import { seedPolicy } from './authorization/bootstrap/seed.ts'
import type { Core } from './core.ts'
import { ensure, LOOPBACK_USER } from './ensure.ts'
import { flowControlDefaults } from './flow-control-defaults.ts'
import { publishKubernetes } from './kubernetes-service.ts'
import type { ApiServerOptions } from './server.ts'

const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default']
/** `scheduling/rest/storage_scheduling.go`: made by a hook after start. */
const SYSTEM_PRIORITY_CLASSES = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
].map(({ name, ...rest }) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  ...rest,
}))

export function* bootstrap(core: Core, server: ApiServerPort, options: ApiServerOptions): Routine<void> {
  yield* core.cacher.reach(0)
  if (options.authorization === 'RBAC') {
    const { timestamp } = core.context
    const range = serviceRange(options.serviceCidr ?? API_SERVER.serviceCidr, timestamp)
    yield* restorePolicy(core, server)
    yield* seedPolicy(core, [
      ...flowControlDefaults(timestamp),
      range,
      ...apiServices(options.scheme, timestamp),
    ])
  }
  for (const name of SYSTEM_NAMESPACES) {
    yield* ensure(server, Namespaces, '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  for (const priorityClass of SYSTEM_PRIORITY_CLASSES) {
    yield* ensure(server, PriorityClasses, '', priorityClass)
  }
  yield* publishKubernetes(server, options)
}

/** What somebody has taken from the bootstrap policy since the last start is given back. */
function* restorePolicy(core: Core, server: ApiServerPort): Routine<void> {
  for (const wanted of bootstrapPolicy()) {
    const { kind, namespace, name } = wanted
    const stored = core.cacher.known(kind)?.get(namespace, name)?.object
    const body = stored && reconciled(stored, wanted)
    if (!body) continue
    const request = requestFor('update', kind, namespace, name, { body })
    // Whoever changed it meanwhile has the last word, until the next start.
    yield* callback<ApiResult<never>>(done => server.request(LOOPBACK_USER, request, done))
  }
}

/** The range that Services' addresses are from, as an object. Mirrors the defaultservicecidr controller. */
function serviceRange(cidr: string, timestamp: string): PolicyObject {
  const ready = {
    type: 'Ready',
    status: 'True',
    lastTransitionTime: timestamp,
    reason: '',
    message: 'Kubernetes default Service CIDR is ready',
  }
  return {
    kind: ServiceCIDRs,
    namespace: '',
    name: 'kubernetes',
    fields: { spec: { cidrs: [cidr] }, status: { conditions: [ready] } },
  }
}
