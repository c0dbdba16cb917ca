/**
 * The Service `kubernetes` by which pods find this server. Mirrors the kubernetesservice controller, which looks every
 * ten seconds; here it is made at start and, where the cluster is served, again when somebody has deleted it.
 */
import { API_SERVER, EndpointSlices, Endpoints, NAMES, Services } from '../api/index.ts'
import type { ApiRequest, ApiServerPort } from '../client/index.ts'
import { requestFor } from '../client/index.ts'
import type { Label, Routine, Scope } from '../sim/index.ts'
import { ensure, LOOPBACK_USER } from './ensure.ts'
import type { ApiServerOptions } from './server.ts'

const NAME = 'kubernetes'
const PERIOD_MS = 10_000
const SKIP_MIRROR_LABEL = 'endpointslice.kubernetes.io/skip-mirror'
const LABELS = { component: 'apiserver', provider: 'kubernetes' }
/** The first address of the service network is the API server's own. */
const firstAddress = (cidr: string) => cidr.replace(/\d+\/.*$/, last => String(Number.parseInt(last, 10) + 1))

/** Makes what is missing of it. */
export function* publishKubernetes(server: ApiServerPort, options: ApiServerOptions): Routine<void> {
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

/** Makes it again, at the next look after it is gone. */
export function keepKubernetes(
  scope: Scope,
  server: ApiServerPort,
  options: ApiServerOptions,
  label: Label,
): void {
  const request: ApiRequest = {
    ...requestFor('watch', Services, 'default', ''),
    options: { fieldSelector: `metadata.name=${NAME}` },
  }
  server.watch(LOOPBACK_USER, request, {
    deliver: events => {
      if (!scope.isAlive || !events.some(({ type }) => type === 'DELETED')) return
      const leftMs = PERIOD_MS - (scope.sim.now % PERIOD_MS)
      scope.schedule(leftMs, label, () => scope.spawn(label, publishKubernetes(server, options)), undefined)
    },
    closed: () => {
      if (scope.isAlive)
        scope.schedule(PERIOD_MS, label, () => keepKubernetes(scope, server, options, label), undefined)
    },
  })
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
