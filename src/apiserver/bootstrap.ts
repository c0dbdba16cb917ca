/**
 * What every cluster has from its first second: the system's namespaces, and the `kubernetes` Service by which pods
 * find this server. Mirrors kube-apiserver's systemnamespaces and kubernetesservice controllers; they look every
 * minute and every ten seconds, this makes sure once at start.
 */
import { type AnyKind, Namespaces, Services } from '../api/index.ts'
import {
  type ApiRequest,
  type ApiResult,
  type ApiServerPort,
  NO_OPTIONS,
  type UserInfo,
} from '../client/index.ts'
import { callback, type Routine } from '../sim/index.ts'
import type { Core } from './core.ts'
import type { ApiServerOptions } from './server.ts'

/** Who the server is when it talks to itself. */
export const LOOPBACK_USER: UserInfo = Object.freeze({
  name: 'system:apiserver',
  groups: Object.freeze(['system:masters', 'system:authenticated']) as readonly string[],
})

const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default']
const LABELS = { component: 'apiserver', provider: 'kubernetes' }
/** The first address of the service network is the API server's own. */
const firstAddress = (cidr: string) => cidr.replace(/\d+\/.*$/, last => String(Number.parseInt(last, 10) + 1))

export function* bootstrap(core: Core, server: ApiServerPort, options: ApiServerOptions): Routine<void> {
  yield* core.cacher.reach(0)
  adoptAllocations(core)
  for (const name of SYSTEM_NAMESPACES) {
    yield* ensure(server, Namespaces, '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  const clusterIP = firstAddress(options.serviceCidr ?? '10.96.0.0/12')
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
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
    },
  })
}

/** Marks what stored objects hold as taken, before anything new is created. */
function adoptAllocations(core: Core): void {
  for (const { kind, ...cache } of core.cacher.caches.map(c => ({ kind: c.kind, entries: c.list('') }))) {
    const giveBack = kind.strategy.afterDelete
    if (!giveBack) continue
    for (const { object } of cache.entries) {
      core.allocators.adopt(core.context, context => giveBack(object, context))
    }
  }
}

/** Creates an object unless it is there. */
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
  yield* callback<ApiResult<never>>(done => server.request(LOOPBACK_USER, request, done))
}
