/**
 * From an HTTP request to a stream: which protocol the client offers, and who speaks it. Mirrors the upgrade
 * handlers of k8s.io/kubelet and k8s.io/apiserver (WebSocket, SPDY/3.1, and SPDY/3.1 tunnelled through a WebSocket).
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { ApiError, Pods, statuses } from '../../api/index.ts'
import type { Connection, Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { connectPorts } from './port-forward.ts'
import { commandRequest } from './remote-command.ts'
import { connectCommand } from './spdy-command.ts'
import { serveWebSocket } from './websocket.ts'

const UPGRADED: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward'])

/** Whether a route leads into a pod of the core group: who may something of another group's may not this. */
export function isUpgraded({ apiVersion, resource, subresource, name }: ResourceRoute): boolean {
  return apiVersion === 'v1' && resource === 'pods' && name !== '' && UPGRADED.has(subresource)
}

const COMMAND = 'v4.channel.k8s.io'
const PORTS = 'portforward.k8s.io'
const TUNNEL = `SPDY/3.1+${PORTS}`
const MOST_BYTES = 4 * 1024 * 1024

const tunnels = new WebSocketServer({
  noServer: true,
  maxPayload: MOST_BYTES,
  perMessageDeflate: false,
  handleProtocols: () => TUNNEL,
})

/** Switches protocols and opens the stream that a query describes. Throws ApiError for what is refused before. */
export function serveUpgrade(
  exchange: Exchange,
  route: ResourceRoute,
  gateway: Gateway,
  { connection, query }: { readonly connection: Connection; readonly query: URLSearchParams },
): void {
  const protocol = (exchange.header('upgrade') ?? '').toLowerCase()
  const isPorts = route.subresource === 'portforward'
  if (isPorts) checkPod(route, gateway)
  if (protocol === 'spdy/3.1') {
    const request = isPorts ? undefined : commandRequest(query, route, gateway)
    if (!switchToSpdy(exchange, connection, isPorts ? PORTS : COMMAND)) return
    if (request) connectCommand(connection.socket, request, gateway)
    else connectPorts(connection.socket, route, gateway)
  } else if (protocol !== 'websocket') {
    throw new ApiError(statuses.badRequest('Upgrade request required'))
  } else if (isPorts) {
    tunnel(exchange, connection, wire => connectPorts(wire, route, gateway))
  } else serveWebSocket(exchange, route, gateway, { connection, query })
}

function checkPod({ namespace, name }: ResourceRoute, { cluster }: Gateway): void {
  if (!cluster.world.observer.get({ kind: Pods, namespace, name })) {
    throw new ApiError(statuses.notFound(Pods, name))
  }
}

/** False when the client has been refused: no protocol of its is spoken here. */
function switchToSpdy(exchange: Exchange, { socket, head }: Connection, protocol: string): boolean {
  const offered = exchange.headers('x-stream-protocol-version').flatMap(text => text.split(/,\s*/))
  if (!offered.includes(protocol)) {
    const what = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${protocol}]`
    exchange.write(403, 'text/plain', what)
    return false
  }
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `X-Stream-Protocol-Version: ${protocol}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
  return true
}

function tunnel(exchange: Exchange, { socket, head }: Connection, connect: (wire: Duplex) => void): void {
  if (!exchange.subprotocols.includes(TUNNEL)) {
    throw new ApiError(statuses.badRequest(`the protocol ${TUNNEL} was not offered`))
  }
  tunnels.handleUpgrade(exchange.incoming as IncomingMessage, socket, head, client => {
    connect(createWebSocketStream(client))
  })
}
