/**
 * The proxy subresources of nodes, pods and services: an HTTP request handed on to a kubelet or a simulated program. Mirrors
 * `UpgradeAwareHandler` of k8s.io/apimachinery; simplified: links in pages are not rewritten, and no other protocol
 * is switched to.
 */
import { randomInt } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream'
import { statuses } from '../../api/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import { serveKubelet } from '../kubelet/index.ts'
import type { ResourceRoute } from '../route.ts'
import { dial } from './connection.ts'
import { locate, type ProgramLocation } from './location.ts'

/** Whether a route is handed on to a program. Nodes are in no namespace: rights in one must not reach them. */
export function isProxied(route: ResourceRoute): boolean {
  const { apiVersion, verb, resource, subresource, namespace, name } = route
  const isThere = subresource === 'proxy' && name !== '' && verb !== 'watch'
  const isInPlace = (resource === 'nodes') === (namespace === '')
  return isThere && isInPlace && apiVersion === 'v1' && PROXIED.has(resource)
}

const PROXIED: ReadonlySet<string> = new Set(['nodes', 'pods', 'services'])

/** `path` is what follows the proxy, where that is not what the client asked for. Throws ApiError for what cannot be reached at all. */
export function serveProxy(
  exchange: Exchange,
  route: ResourceRoute,
  gateway: Gateway,
  path = pathBehind(exchange.path, route),
): void {
  const { resource, namespace, name } = route
  const location = locate(gateway.cluster, resource, namespace, name, randomInt)
  const query = /\?.+$/s.exec(exchange.incoming.url ?? '')?.[0] ?? ''
  // HTTP/2 carries what no HTTP/1.1 request can say.
  if (/[^\x21-\xff]/.test(path + query)) {
    exchange.refuse(statuses.badRequest('the path of the request cannot be understood'))
    return
  }
  if (path === '' && (exchange.method === 'GET' || exchange.method === 'HEAD')) {
    exchange.outgoing.setHeader('location', `${exchange.path}/${query}`)
    exchange.write(301, 'text/html; charset=utf-8', '')
    return
  }
  if ('isHttps' in location && location.isHttps) {
    refuse(exchange, 'http: server gave HTTP response to HTTPS client')
    return
  }
  if ('kubelet' in location) serveKubelet(exchange, location.kubelet, path || '/', gateway)
  else handOn(exchange, location, `${path || '/'}${query}`, gateway)
}

/** What follows `/api/v1/namespaces/x/services/y/proxy`, as it was sent: names may say anything, escapes are kept. */
function pathBehind(path: string, { namespace }: ResourceRoute): string {
  return path
    .replace(/^\/+/, '')
    .split('/')
    .slice(namespace === '' ? NODE_PLACES : PLACES)
    .map(part => `/${part}`)
    .join('')
}

const PLACES = 7
const NODE_PLACES = 5

function handOn(exchange: Exchange, location: ProgramLocation, path: string, gateway: Gateway): void {
  const { stream, address, port } = location
  const { incoming, outgoing, method } = exchange
  const asked = httpRequest({
    method,
    path,
    headers: {
      ...passedOn(incoming.headers),
      host: `${address}:${port}`,
      'x-forwarded-for': incoming.socket.remoteAddress ?? '',
      'x-forwarded-uri': exchange.path,
      connection: 'close',
    },
    createConnection: () => dial(gateway, stream),
  })
  asked.on('response', answer => {
    if (!exchange.isOpen) {
      asked.destroy()
      return
    }
    outgoing.writeHead(answer.statusCode ?? 502, passedOn(answer.headers))
    // Whoever breaks off on one side is heard of on the other.
    pipeline(answer, outgoing, () => {})
  })
  asked.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else refuse(exchange, `dial tcp ${address}:${port}: connect: connection refused`)
  })
  outgoing.once('close', () => asked.destroy())
  incoming.pipe(asked)
}

function refuse(exchange: Exchange, why: string): void {
  exchange.refuse(statuses.serviceUnavailable(`error trying to reach service: ${why}`))
}

/** Without what concerns only one connection, HTTP/2's own names, and who asked. */
function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const isKept = (name: string) => !/^(:|impersonate-)/.test(name) && !OF_ONE_HOP.has(name)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)))
}

const OF_ONE_HOP: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
