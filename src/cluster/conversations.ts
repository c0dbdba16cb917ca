/**
 * TCP connections of clients outside into the simulation: to a port of a pod, or of a node. Bytes enter in events of
 * their own.
 */
import {
  type AppRequest,
  type AppResponse,
  byteConversation,
  type PortListener,
  type PortSession,
} from '../kubelet/index.ts'
import type { Connection } from '../network/index.ts'
import type { Label, Simulation } from '../sim/index.ts'
import { OUTSIDE_IP } from './addressing.ts'
import type { World } from './world.ts'

/** Answers one request of a conversation, once. */
export type Ask = Parameters<typeof byteConversation>[0]

/** A conversation whose bytes enter the loop in events. */
export function converse(sim: Simulation, label: Label, ask: Ask, listener: PortListener): PortSession {
  const session = byteConversation(ask, listener)
  const later = (act: () => void) => {
    sim.root.schedule(0, label, act, undefined)
    sim.markChanged()
  }
  /** Bytes whose event has not come. */
  let entering = 0
  return {
    write: chunk => {
      entering += chunk.length
      later(() => {
        entering -= chunk.length
        session.write(chunk)
      })
    },
    end: () => later(() => session.end()),
    unread: () => entering + session.unread(),
    close: () => session.close(),
  }
}

/**
 * A connection to a port of a node, as from a machine of its network: through that node's kube-proxy rules. It is made
 * at once, and all of it goes to the endpoint that was chosen then.
 */
export function connectNodePort(
  world: World,
  node: string,
  port: number,
  listener: PortListener,
): PortSession {
  let connection: Connection<AppRequest, AppResponse> | undefined
  let waiting: (() => void) | undefined
  let isOver = false
  const fail = (error: string) => {
    if (isOver) return
    isOver = true
    listener.failed(error)
  }
  const label = world.sim.label('outside/port')
  const connect = () => {
    world.network.connect(OUTSIDE_IP, { node, port }, result => {
      if ('error' in result) fail(result.error)
      else {
        connection = result
        waiting?.()
      }
    })
  }
  world.sim.root.schedule(0, label, connect, undefined)
  const ask: Ask = (request, reply) => {
    const send = () =>
      connection!.ask(request, response => reply(response ?? { error: 'connection reset by peer' }))
    // A conversation asks one thing at a time.
    if (connection) send()
    else waiting = send
  }
  const session = converse(world.sim, label, ask, {
    data: chunk => listener.data(chunk),
    ended: () => {
      isOver = true
      listener.ended()
    },
    failed: fail,
  })
  return {
    ...session,
    close: () => {
      isOver = true
      session.close()
    },
  }
}
