/**
 * What is served beside resources: discovery, version, health, metrics, and the list of paths. Mirrors the routes of
 * k8s.io/apiserver's generic server.
 */
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroups,
  apiResources,
  apiVersions,
  openidConfiguration,
} from '../apiserver/index.ts'
import type { Cluster } from '../cluster/index.ts'
import type { Exchange } from './exchange.ts'
import { dumpOf, type FlowControl } from './flow-control/index.ts'
import { serveHealth } from './health.ts'
import type { Metrics } from './metrics.ts'
import { NOT_ACCEPTABLE, readAccept } from './negotiate.ts'
import { serveOpenApi } from './openapi/index.ts'

export interface PathServices {
  readonly cluster: Cluster
  readonly metrics: Metrics
  readonly flow: FlowControl
  /** `127.0.0.1:6443` */
  readonly address: string
}

/** What `kubectl version` shows of the server. */
const VERSION = Object.freeze({
  major: '1',
  minor: '33',
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  gitVersion: 'v1.33.0',
  gitCommit: '60a317eadfcb839692a68eab88b2096f4d708f4f',
  gitTreeState: 'clean',
  buildDate: '2025-04-23T13:00:22Z',
  goVersion: 'go1.24.2',
  compiler: 'gc',
  platform: 'linux/amd64',
})

/** Answers a request for a path that is no resource. */
export async function servePath(exchange: Exchange, path: string, services: PathServices): Promise<void> {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path
  const { cluster } = services
  const { scheme } = cluster.world.controlPlane
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    exchange.notFound()
    return
  }
  if (clean === '/' || clean === '') exchange.send(200, { paths: pathsOf(cluster) })
  else if (clean === '/version') exchange.send(200, VERSION)
  else if (/^\/(healthz|livez|readyz)(\/|$)/.test(clean)) serveHealth(exchange, clean, cluster)
  else if (clean === '/metrics') await services.metrics.serve(exchange)
  else if (clean.startsWith(FLOW_DUMPS)) serveDump(exchange, clean.slice(FLOW_DUMPS.length), services)
  else if (clean === '/openid/v1/jwks') serveKeys(exchange, services)
  else if (clean === '/.well-known/openid-configuration') serveIssuer(exchange, services)
  else if (clean.startsWith('/openapi/')) await serveOpenApi(exchange, clean, cluster)
  else if (clean === '/api' || clean === '/apis') serveDiscovery(exchange, clean === '/api', services)
  else if (clean.startsWith('/api/') || clean.startsWith('/apis/')) {
    const [group = '', version] = clean.startsWith('/api/') ? ['', clean.slice(5)] : clean.slice(6).split('/')
    const document =
      version === undefined
        ? apiGroup(scheme, group)
        : apiResources(scheme, group === '' ? version : `${group}/${version}`)
    if (document) exchange.send(200, document)
    else exchange.notFound()
  } else exchange.notFound()
}

const FLOW_DUMPS = '/debug/api_priority_and_fairness/'

/** What flow control is doing just now, for debugging. */
function serveDump(exchange: Exchange, name: string, { flow }: PathServices): void {
  const text = dumpOf(name, flow, performance.now())
  if (text === undefined) exchange.notFound()
  else exchange.write(200, 'text/plain; charset=utf-8', text)
}

/** `/api` and `/apis`: the short document, or with `as=APIGroupDiscoveryList` everything at once. */
function serveDiscovery(exchange: Exchange, isCore: boolean, { cluster, address }: PathServices): void {
  const { scheme } = cluster.world.controlPlane
  for (const { type, parameters } of readAccept(exchange.header('accept') || '*/*')) {
    if (!['application/json', 'application/*', '*/*', 'application/yaml'].includes(type)) continue
    const { as, v: version } = parameters
    if (as === undefined) {
      exchange.send(200, isCore ? apiVersions(address) : apiGroups(scheme))
      return
    }
    if (as === 'APIGroupDiscoveryList' && (version === 'v2' || version === 'v2beta1')) {
      const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
      exchange.write(200, type, JSON.stringify(aggregatedDiscovery(scheme, version, isCore)))
      return
    }
  }
  exchange.refuse(NOT_ACCEPTABLE)
}

/** The keys that service account tokens are signed with, for those who check tokens themselves. */
function serveKeys(exchange: Exchange, { cluster }: PathServices): void {
  const keys = cluster.world.controlPlane.apiServer.present?.tokenSigner.jwks()
  exchange.outgoing.setHeader('cache-control', CACHED)
  exchange.write(200, 'application/jwk-set+json', JSON.stringify(keys))
}

/** OpenID discovery of the issuer of service account tokens. */
function serveIssuer(exchange: Exchange, { cluster, address }: PathServices): void {
  const signer = cluster.world.controlPlane.apiServer.present?.tokenSigner
  exchange.outgoing.setHeader('cache-control', CACHED)
  const document = signer && openidConfiguration(signer, `https://${address}`)
  exchange.write(200, 'application/json', JSON.stringify(document))
}

const CACHED = 'public, max-age=3600'

function pathsOf({ world }: Cluster): string[] {
  const versions = new Set(world.controlPlane.scheme.kinds.map(kind => kind.apiVersion))
  const groups = new Set(
    [...versions].flatMap(version => (version.includes('/') ? [version.split('/')[0]!] : [])),
  )
  return [
    '/.well-known/openid-configuration',
    '/api',
    '/api/v1',
    '/apis',
    ...[...groups].map(group => `/apis/${group}`),
    ...[...versions].filter(version => version.includes('/')).map(version => `/apis/${version}`),
    `${FLOW_DUMPS}dump_priority_levels`,
    `${FLOW_DUMPS}dump_queues`,
    `${FLOW_DUMPS}dump_requests`,
    '/healthz',
    '/livez',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openid/v1/jwks',
    '/readyz',
    '/version',
  ].sort()
}
