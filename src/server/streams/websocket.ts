/**
 * exec and attach over a WebSocket: channels of `v5.channel.k8s.io` and `v4.channel.k8s.io`, a byte before each
 * message saying which. Mirrors `remotecommand/websocket.go` of k8s.io/kubelet and `stream` of k8s.io/apiserver.
 */
import type { IncomingMessage } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { ApiError, statuses } from '../../api/index.ts'
import type { Connection, Exchange } from '../exchange.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { sendFrom } from '../uploads.ts'
import { MOST_WAITING_BYTES } from '../waiting.ts'
import { type CommandRequest, commandRequest, resize, statusOf } from './remote-command.ts'

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
/** The largest message a client may send. */
const MOST_BYTES = 4 * 1024 * 1024

const server = new WebSocketServer({
  noServer: true,
  maxPayload: MOST_BYTES,
  perMessageDeflate: false,
  handleProtocols: offered => PROTOCOLS.find(protocol => offered.has(protocol)) ?? false,
})

/** Switches protocols and opens the stream. Throws ApiError for what is refused before. */
export function serveWebSocket(
  exchange: Exchange,
  route: ResourceRoute,
  gateway: Gateway,
  { socket, head }: Connection,
): void {
  if (!exchange.subprotocols.some(protocol => PROTOCOLS.includes(protocol))) {
    throw new ApiError(statuses.badRequest(`no protocol of ${PROTOCOLS.join(', ')} was offered`))
  }
  const stream = commandRequest(exchange.query, route, gateway)
  server.handleUpgrade(exchange.incoming as IncomingMessage, socket, head, client => {
    connect(client, stream, gateway)
  })
}

function connect(client: WebSocket, request: CommandRequest, gateway: Gateway): void {
  const isV5 = client.protocol === PROTOCOLS[0]
  const send = (channel: number, bytes: Uint8Array) => {
    if (client.readyState !== client.OPEN) return
    const message = Buffer.allocUnsafe(bytes.length + 1)
    message[0] = channel
    message.set(bytes, 1)
    client.send(message)
    if (client.bufferedAmount > MOST_WAITING_BYTES) client.terminate()
  }
  const open: OpenStream = gateway.stream(
    request,
    { stdout: chunk => send(CHANNEL.stdout, chunk), stderr: chunk => send(CHANNEL.stderr, chunk) },
    end => {
      send(CHANNEL.error, Buffer.from(JSON.stringify(statusOf(end))))
      client.close(1000)
    },
  )
  client.on('message', (data: Buffer) => {
    const channel = data[0]
    const rest = data.subarray(1)
    if (channel === CHANNEL.stdin && rest.length > 0) sendFrom(client, open, rest)
    else if (channel === CHANNEL.resize) resize(open, rest.toString())
    else if (channel === CHANNEL.close && isV5 && rest[0] === CHANNEL.stdin) open.send({ end: true })
  })
  client.on('error', () => client.terminate())
  client.on('close', () => open.close())
}
