/**
 * What every cluster has from its first second: the system's namespaces, and the `kubernetes` Service by which pods
 * find this server. Mirrors kube-apiserver's systemnamespaces and kubernetesservice controllers; they look every
 * minute and every ten seconds, this makes sure once at start.
 */
import {
  type AnyKind,
  API_SERVER,
  EndpointSlices,
  Endpoints,
  NAMES,
  Namespaces,
  PriorityClasses,
  ServiceCIDRs,
  Services,
} from '../api/index.ts'
import {
  type ApiRequest,
  type ApiResult,
  type ApiServerPort,
  NO_OPTIONS,
  type UserInfo,
} from '../client/index.ts'
import { callback, type Routine, sleep } from '../sim/index.ts'
import { apiServices } from './api-services.ts'
import type { PolicyObject } from './authorization/bootstrap/policy.ts'
import { seedPolicy } from './authorization/bootstrap/seed.ts'
import type { Core } from './core.ts'
import { flowControlDefaults } from './flow-control-defaults.ts'
import type { ApiServerOptions } from './server.ts'

/** Who the server is when it talks to itself. */
export const LOOPBACK_USER: UserInfo = Object.freeze({
  name: 'system:apiserver',
  groups: Object.freeze(['system:masters', 'system:authenticated']) as readonly string[],
})

const SKIP_MIRROR_LABEL = 'endpointslice.kubernetes.io/skip-mirror'
const RETRY_MS = 1000
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
const LABELS = { component: 'apiserver', provider: 'kubernetes' }
/** The first address of the service network is the API server's own. */
const firstAddress = (cidr: string) => cidr.replace(/\d+\/.*$/, last => String(Number.parseInt(last, 10) + 1))

export function* bootstrap(core: Core, server: ApiServerPort, options: ApiServerOptions): Routine<void> {
  yield* core.cacher.reach(0)
  if (options.authorization === 'RBAC') {
    const { timestamp } = core.context
    const range = serviceRange(options.serviceCidr ?? API_SERVER.serviceCidr, timestamp)
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
  const clusterIP = firstAddress(options.serviceCidr ?? API_SERVER.serviceCidr)
  yield* ensure(server, Services, 'default', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: LABELS },
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: API_SERVER.securePort }],
    },
  })
  if (options.advertiseAddress) yield* publish(server, options.advertiseAddress)
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

/** The endpoints of the `kubernetes` Service, which has no selector: this server. */
function* publish(server: ApiServerPort, address: string): Routine<void> {
  const name = 'kubernetes'
  const port = { name: 'https', port: API_SERVER.securePort, protocol: 'TCP' }
  yield* ensure(server, Endpoints, 'default', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace: 'default', labels: { [SKIP_MIRROR_LABEL]: 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [port] }],
  })
  yield* ensure(server, EndpointSlices, 'default', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels: { [NAMES.serviceNameLabel]: name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [port],
  })
}

/** Creates an object unless it is there; asks again while the store is away. */
function* ensure(server: ApiServerPort, kind: AnyKind, namespace: string, body: unknown): Routine<void> {
  const request: ApiRequest = {
    verb: 'create',
    kind,
    namespace,
    name: '',
    subresource: '',
    body,
    options: NO_OPTIONS,
  }
  for (;;) {
    const result = yield* callback<ApiResult<never>>(done => server.request(LOOPBACK_USER, request, done))
    if (result.ok || result.code < 500) return
    yield* sleep(RETRY_MS)
  }
}
