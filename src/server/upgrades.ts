/**
 * Wishes to switch protocols, each in its turn. Clients that keep connections send one as soon as they have read the
 * answer before it, which may be sooner than the server knows that it is out. Node keeps requests of a connection in
 * order, but hands such a wish over at once.
 */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Http2SecureServer } from 'node:http2'
import type { Socket } from 'node:net'
import { type Connection, Exchange } from './exchange.ts'

/** Calls `take` for every wish to switch protocols, when what was asked before it on its connection is answered. */
export function takeUpgrades(
  listener: Http2SecureServer,
  take: (exchange: Exchange, connection: Connection) => void,
): void {
  const underWay = new WeakMap<Socket, number>()
  const waiting = new WeakMap<Socket, () => void>()
  listener.on('request', (incoming, outgoing) => {
    if (incoming.httpVersionMajor !== 1) return
    const { socket } = incoming as unknown as IncomingMessage
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    outgoing.once('close', () => {
      const left = underWay.get(socket)! - 1
      underWay.set(socket, left)
      if (left === 0) waiting.get(socket)?.()
    })
  })
  listener.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {})
    const begin = () => {
      if (socket.destroyed) return
      // What is left of Node's patience with a connection that is kept.
      socket.setTimeout(0)
      const outgoing = new ServerResponse(incoming)
      outgoing.assignSocket(socket)
      outgoing.shouldKeepAlive = false
      outgoing.once('finish', () => socket.end())
      const connection = { socket, head }
      take(new Exchange(incoming, outgoing, { connection }), connection)
    }
    if (underWay.get(socket)) waiting.set(socket, begin)
    else begin()
  })
}
