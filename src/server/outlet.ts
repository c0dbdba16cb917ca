/**
 * Where an answer goes that comes piece by piece: on and on in the body of an HTTP answer, or as messages of a
 * WebSocket, which is how pages in a browser watch. Mirrors `HandleWS` of k8s.io/apiserver (watches) and
 * `wsstream.Reader` of k8s.io/apimachinery (logs).
 */
import { type WebSocket, WebSocketServer } from 'ws'
import { ApiError, type Status, statuses } from '../api/index.ts'
import type { Connection, Exchange } from './exchange.ts'
import { MOST_WAITING_BYTES } from './waiting.ts'

export interface Outlet {
  /** Tells the client that it is being served; once, and before anything is written. */
  begin(): void
  /** False when too much waits for the client, who has been let go then. */
  write(pieces: readonly Uint8Array[]): boolean
  end(): void
}

/** For JSON, a line a piece. Undefined when the client asked in a way that no watch can be had in; it is answered then. */
export function linesOutlet(exchange: Exchange): Outlet | undefined {
  const { connection } = exchange
  if (!connection) return bodyOutlet(exchange, 'application/json')
  if (exchange.header('origin') === undefined || exchange.subprotocols.length > 1) {
    // As golang.org/x/net does it: a page says where it is from, and knows what it wants to speak.
    exchange.write(exchange.subprotocols.length > 1 ? 400 : 403, 'text/plain', '')
    return undefined
  }
  return messagesOutlet(exchange, connection, exchange.subprotocols[0], (client, line) =>
    client.send(line, { binary: false }),
  )
}

/** For bytes that mean something to whoever reads them. Throws ApiError when no protocol of the client's is spoken. */
export function bytesOutlet(exchange: Exchange, contentType: string): Outlet {
  const { connection, subprotocols } = exchange
  if (!connection) return bodyOutlet(exchange, contentType)
  const chosen = subprotocols.find(protocol => BYTES.has(protocol))
  if (chosen === undefined && subprotocols.length > 0) {
    throw new ApiError(noProtocolOf(subprotocols, [...BYTES]))
  }
  const send = (client: WebSocket, bytes: Uint8Array) => {
    if (chosen === BASE64) client.send(Buffer.from(bytes).toString('base64'))
    else client.send(bytes)
  }
  const messages = messagesOutlet(exchange, connection, chosen, send)
  return {
    ...messages,
    begin: () => {
      messages.begin()
      // An empty message first: the client sees that it is served before there is anything to read.
      messages.write([NOTHING])
    },
  }
}

/** 403 in upstream's words: no subprotocol that a client offers is spoken. */
export function noProtocolOf(offered: readonly string[], spoken: readonly string[]): Status {
  const what = `requested protocol(s) are not supported: [${offered.join(' ')}]; supports [${spoken.join(' ')}]`
  return { ...statuses.badRequest(what), reason: 'Forbidden', code: 403 }
}

const BASE64 = 'base64.binary.k8s.io'
const BYTES: ReadonlySet<string> = new Set(['binary.k8s.io', BASE64])
const NOTHING = new Uint8Array(0)

function bodyOutlet(exchange: Exchange, contentType: string): Outlet {
  const { outgoing } = exchange
  return {
    begin: () => {
      exchange.begin(200, contentType)
      // The head alone tells the client that it is being served.
      outgoing.flushHeaders?.()
    },
    write: pieces => {
      outgoing.write(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
      return !exchange.letGoOfSleeper()
    },
    end: () => outgoing.end(),
  }
}

/** What a client may send, who is heard by nobody. */
const MOST_BYTES = 64 * 1024

function messagesOutlet(
  exchange: Exchange,
  { socket, head }: Connection,
  protocol: string | undefined,
  send: (client: WebSocket, piece: Uint8Array) => void,
): Outlet {
  let client: WebSocket | undefined
  return {
    begin: () => {
      const server = new WebSocketServer({
        noServer: true,
        maxPayload: MOST_BYTES,
        perMessageDeflate: false,
        handleProtocols: () => protocol ?? false,
      })
      exchange.handOver()
      server.handleUpgrade(exchange.incoming, socket, head, accepted => {
        client = accepted
        client.on('error', () => accepted.terminate())
      })
    },
    write: pieces => {
      if (client?.readyState !== client?.OPEN) return true
      for (const piece of pieces) send(client!, piece)
      if (client!.bufferedAmount <= MOST_WAITING_BYTES) return true
      client!.terminate()
      return false
    },
    end: () => client?.close(1000),
  }
}
