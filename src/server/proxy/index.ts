/**
 * The proxy subresources of nodes, pods and services: an HTTP request handed on to a kubelet or a simulated program. Mirrors
 * `UpgradeAwareHandler` of k8s.io/apimachinery; simplified: links in pages are not rewritten, and no other protocol
 * is switched to.
 */
import { randomInt } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { statuses } from '../../api/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import { serveKubelet } from '../kubelet/index.ts'
import type { ResourceRoute } from '../route.ts'
import { dial } from './connection.ts'
import { locate, type ProgramLocation } from './location.ts'

/** Whether a route is handed on to a program. */
export function isProxied({ apiVersion, resource, subresource, name }: ResourceRoute): boolean {
  return apiVersion === 'v1' && subresource === 'proxy' && name !== '' && PROXIED.has(resource)
}

const PROXIED: ReadonlySet<string> = new Set(['nodes', 'pods', 'services'])

/** Throws ApiError for what cannot be reached at all. */
export function serveProxy(exchange: Exchange, route: ResourceRoute, gateway: Gateway): void {
  const { resource, namespace, name } = route
  const location = locate(gateway.cluster, resource, namespace, name, randomInt)
  const path = exchange.path.slice(exchange.path.indexOf('/proxy') + '/proxy'.length)
  const query = exchange.query.size > 0 ? `?${exchange.query}` : ''
  if (path === '' && exchange.method === 'GET') {
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
    answer.pipe(outgoing)
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
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith(':') && !OF_ONE_HOP.has(name))
  return Object.fromEntries(kept)
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
