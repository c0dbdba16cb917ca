/**
 * exec and attach over a WebSocket: a channel's number before each message. `v5.channel.k8s.io` is what kubectl
 * speaks; the older protocols, some of them in base64, are those of pages in browsers. Mirrors
 * `remotecommand/websocket.go` of k8s.io/kubelet and `stream` of k8s.io/apiserver.
 */
import type { IncomingMessage } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { ApiError } from '../../api/index.ts'
import type { Connection, Exchange } from '../exchange.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import { noProtocolOf } from '../outlet.ts'
import type { ResourceRoute } from '../route.ts'
import { sendFrom } from '../uploads.ts'
import { MOST_WAITING_BYTES } from '../waiting.ts'
import { type CommandRequest, commandRequest, resize, statusOf } from './remote-command.ts'

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

/** How a protocol is spoken. */
interface Dialect {
  /** Text, with the channel as a digit and the rest in base64. */
  readonly isBase64: boolean
  /** Whether a command's end is told as a Status, and not by the words of an error only. */
  readonly hasStatus: boolean
}

const V5 = 'v5.channel.k8s.io'
const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  [V5, { isBase64: false, hasStatus: true }],
  ['v4.channel.k8s.io', { isBase64: false, hasStatus: true }],
  ['v4.base64.channel.k8s.io', { isBase64: true, hasStatus: true }],
  ['channel.k8s.io', { isBase64: false, hasStatus: false }],
  ['base64.channel.k8s.io', { isBase64: true, hasStatus: false }],
  // No protocol at all.
  ['', { isBase64: false, hasStatus: false }],
])

/** The first that the client offers and that is spoken here; the newest wherever it stands. */
function chosenOf(offered: readonly string[]): string | undefined {
  if (offered.length === 0) return ''
  return offered.includes(V5) ? V5 : offered.find(protocol => DIALECTS.has(protocol))
}

/** The largest message a client may send. */
const MOST_BYTES = 4 * 1024 * 1024

const server = new WebSocketServer({
  noServer: true,
  maxPayload: MOST_BYTES,
  perMessageDeflate: false,
  handleProtocols: offered => chosenOf([...offered]) ?? false,
})

/** Switches protocols and opens the stream. Throws ApiError for what is refused before. */
export function serveWebSocket(
  exchange: Exchange,
  route: ResourceRoute,
  gateway: Gateway,
  { connection, query }: { readonly connection: Connection; readonly query: URLSearchParams },
): void {
  if (chosenOf(exchange.subprotocols) === undefined) {
    throw new ApiError(noProtocolOf(exchange.subprotocols, [...DIALECTS.keys()]))
  }
  const stream = commandRequest(query, route, gateway)
  const { socket, head } = connection
  server.handleUpgrade(exchange.incoming as IncomingMessage, socket, head, client => {
    connect(client, stream, gateway)
  })
}

function connect(client: WebSocket, request: CommandRequest, gateway: Gateway): void {
  const isV5 = client.protocol === V5
  const { isBase64, hasStatus } = DIALECTS.get(client.protocol)!
  const send = (channel: number, bytes: Uint8Array) => {
    if (client.readyState !== client.OPEN) return
    client.send(isBase64 ? `${channel}${Buffer.from(bytes).toString('base64')}` : framed(channel, bytes))
    if (client.bufferedAmount > MOST_WAITING_BYTES) client.terminate()
  }
  const open: OpenStream = gateway.stream(
    request,
    { stdout: chunk => send(CHANNEL.stdout, chunk), stderr: chunk => send(CHANNEL.stderr, chunk) },
    end => {
      const status = statusOf(end)
      if (hasStatus) send(CHANNEL.error, Buffer.from(JSON.stringify(status)))
      else if (status.message) send(CHANNEL.error, Buffer.from(status.message))
      client.close(1000)
    },
  )
  // An empty message first, where anything can be heard: the client sees that the command runs.
  const { hasStdout, hasStderr } = request.request
  send(hasStdout ? CHANNEL.stdout : hasStderr ? CHANNEL.stderr : CHANNEL.error, NOTHING)
  client.on('message', (data: Buffer) => {
    const channel = isBase64 ? data[0]! - ZERO : data[0]
    const rest = isBase64 ? Buffer.from(data.toString('latin1', 1), 'base64') : data.subarray(1)
    if (channel === CHANNEL.stdin && rest.length > 0) sendFrom(client, open, rest)
    else if (channel === CHANNEL.resize) resize(open, rest.toString())
    else if (channel === CHANNEL.close && isV5 && rest[0] === CHANNEL.stdin) open.send({ end: true })
  })
  client.on('error', () => client.terminate())
  client.on('close', () => open.close())
}

const NOTHING = new Uint8Array(0)
const ZERO = '0'.charCodeAt(0)

function framed(channel: number, bytes: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(bytes.length + 1)
  message[0] = channel
  message.set(bytes, 1)
  return message
}
