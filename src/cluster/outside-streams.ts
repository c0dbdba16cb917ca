/**
 * Streams of clients outside as inputs: commands in containers and ports of pods, and every piece that is sent into
 * them, so that what somebody typed is part of the recording.
 */
import type { Status } from '../api/index.ts'
import type { PortListener, PortSession } from '../kubelet/index.ts'
import { assert, type Routine } from '../sim/index.ts'
import type { AttachRequest, ExecRequest, StreamListener, StreamSession } from './container-access.ts'
import { connectNodePort } from './conversations.ts'
import type { World } from './world.ts'

/** What can be opened. */
export type StreamRequest =
  | { readonly to: 'exec'; readonly request: ExecRequest }
  | { readonly to: 'attach'; readonly request: AttachRequest }
  | { readonly to: 'port'; readonly namespace: string; readonly pod: string; readonly port: number }
  | { readonly to: 'node-port'; readonly node: string; readonly port: number }

/** What is sent into a stream. */
export type StreamPiece =
  /** Base64, as a recording is plain data. */
  | { readonly data: string }
  /** No more data. */
  | { readonly end: true }
  | { readonly columns: number; readonly rows: number }

/** How a stream ended. */
export type StreamEnd =
  | { readonly exitCode: number }
  | { readonly failure: Status }
  | { readonly error: string }

/** Hears what comes out, on the loop. */
export interface StreamHearer {
  stdout(chunk: Uint8Array): void
  stderr?(chunk: Uint8Array): void
}

/** Sessions under way, by the place of the input that opened them. */
export class OutsideStreams {
  readonly #world: World
  readonly #sessions = new Map<number, StreamSession | PortSession>()

  constructor(world: World) {
    this.#world = world
  }

  /** Lasts until the stream ends; killing the process closes it. */
  *open(place: number, request: StreamRequest, hearer?: StreamHearer): Routine<StreamEnd> {
    const end = (yield {
      arm: process => {
        const session = this.#begin(request, hearer, ended => process.resume(ended))
        if ('status' in session) process.resume({ failure: session })
        else this.#sessions.set(place, session)
      },
      disarm: () => {
        this.#sessions.get(place)?.close()
        this.#sessions.delete(place)
      },
    }) as StreamEnd
    this.#sessions.delete(place)
    return end
  }

  /** Sends a piece into a stream; into one that is over it sends nothing. */
  send(place: number, piece: StreamPiece): void {
    const session = this.#sessions.get(place)
    if (!session) return
    if ('data' in piece) {
      const bytes = Uint8Array.from(atob(piece.data), letter => letter.charCodeAt(0))
      if ('stdin' in session) session.stdin(bytes)
      else session.write(bytes)
    } else if ('end' in piece) {
      if ('stdin' in session) session.closeStdin()
      else session.end()
    } else {
      assert('resize' in session, 'only terminals have a size')
      session.resize(piece.columns, piece.rows)
    }
  }

  /** How much of what was sent into a stream nobody inside has read yet; nothing of one that is over. */
  unread(place: number): number {
    return this.#sessions.get(place)?.unread() ?? 0
  }

  #begin(
    request: StreamRequest,
    hearer: StreamHearer | undefined,
    ended: (end: StreamEnd) => void,
  ): StreamSession | PortSession | Status {
    const { containers } = this.#world
    if (request.to === 'exec' || request.to === 'attach') {
      const listener: StreamListener = {
        stdout: chunk => hearer?.stdout(chunk),
        stderr: chunk => hearer?.stderr?.(chunk),
        ended,
      }
      return request.to === 'exec'
        ? containers.exec(request.request, listener)
        : containers.attach(request.request, listener)
    }
    const listener: PortListener = {
      data: chunk => hearer?.stdout(chunk),
      ended: () => ended({ exitCode: 0 }),
      failed: error => ended({ error }),
    }
    return request.to === 'port'
      ? containers.portForward(request.namespace, request.pod, request.port, listener)
      : connectNodePort(this.#world, request.node, request.port, listener)
  }
}
