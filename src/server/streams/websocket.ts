/**
 * exec and attach over a WebSocket: channels of `v5.channel.k8s.io` and `v4.channel.k8s.io`, a byte before each
 * message saying which. Mirrors `remotecommand/websocket.go` of k8s.io/kubelet and `stream` of k8s.io/apiserver.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { ApiError, type Status, statuses } from '../../api/index.ts'
import type { StreamEnd, StreamRequest } from '../../cluster/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway, OpenStream } from '../gateway.ts'
import { isTrue, type ResourceRoute } from '../route.ts'
import { findContainer, stateOf } from './container.ts'

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
/** The largest message a client may send. */
const MOST_BYTES = 4 * 1024 * 1024
/** Bytes that may wait for a client that does not read. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024

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
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): void {
  const offered = (exchange.header('sec-websocket-protocol') ?? '').split(',').map(text => text.trim())
  if (!offered.some(protocol => PROTOCOLS.includes(protocol))) {
    throw new ApiError(statuses.badRequest(`no protocol of ${PROTOCOLS.join(', ')} was offered`))
  }
  const stream = streamRequest(exchange.query, route, gateway)
  server.handleUpgrade(exchange.incoming as IncomingMessage, socket, head, client => {
    connect(client, stream, gateway)
  })
}

/** What is to be opened. Throws ApiError 400 or 404. */
function streamRequest(query: URLSearchParams, route: ResourceRoute, gateway: Gateway): StreamRequest {
  const { namespace, name, subresource } = route
  const found = findContainer(gateway.cluster, namespace, name, query.get('container') ?? '')
  const phase = found.pod.status.phase
  if (phase === 'Succeeded' || phase === 'Failed') {
    const what = `cannot exec into a container in a completed pod; current phase is ${phase}`
    throw new ApiError(statuses.badRequest(what))
  }
  if (!stateOf(found)?.state?.running) {
    throw new ApiError(
      statuses.internalError(
        `unable to upgrade connection: container not found (${JSON.stringify(found.container)})`,
      ),
    )
  }
  const isTty = isTrue(query.get('tty'))
  const request = {
    namespace,
    pod: name,
    container: found.container,
    hasStdin: isTrue(query.get('stdin')),
    hasStdout: isTrue(query.get('stdout')),
    hasStderr: isTrue(query.get('stderr')) && !isTty,
    isTty,
  }
  if (subresource === 'attach') return { to: 'attach', request }
  const command = query.getAll('command')
  if (command.length === 0) {
    throw new ApiError(statuses.badRequest('you must specify at least 1 command for the container'))
  }
  return { to: 'exec', request: { ...request, command } }
}

function connect(client: WebSocket, request: StreamRequest, gateway: Gateway): void {
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
    if (channel === CHANNEL.stdin && rest.length > 0) open.send({ data: rest.toString('base64') })
    else if (channel === CHANNEL.resize) resize(open, rest)
    else if (channel === CHANNEL.close && isV5 && rest[0] === CHANNEL.stdin) open.send({ end: true })
  })
  client.on('error', () => client.terminate())
  client.on('close', () => open.close())
}

function resize(open: OpenStream, bytes: Buffer): void {
  try {
    const { Width: columns, Height: rows } = JSON.parse(bytes.toString()) as {
      Width: unknown
      Height: unknown
    }
    if (isSize(columns) && isSize(rows)) open.send({ columns, rows })
  } catch {
    // What is no size changes none.
  }
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535
}

/** How a command ended, in the words in which kubectl understands it. */
function statusOf(end: StreamEnd): Status | object {
  if ('failure' in end) return end.failure
  if ('error' in end) return statuses.internalError(end.error)
  const { exitCode } = end
  if (exitCode === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  }
}
