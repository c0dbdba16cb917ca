/**
 * One watch over a connection. While its link is cut TCP keeps what was sent: it arrives when the link heals,
 * unless the client's health check (45 s of silence) ends the watch first.
 */
import { CLIENT, type Status, statuses } from '../api/index.ts'
import type { Label, Timer } from '../sim/index.ts'
import type { ApiRequest, WatchEvent, WatchHandle, WatchSink } from './api-port.ts'
import type { Connection } from './connection.ts'
import { nextRetransmissionMs } from './retransmission.ts'

interface Batch {
  readonly stream: WatchStream
  readonly atMs: number
  events: readonly WatchEvent[]
}

export class WatchStream implements WatchHandle {
  readonly #connection: Connection
  readonly #request: ApiRequest
  readonly #sink: WatchSink
  readonly #labels: { open: Label; deliver: Label; close: Label; timeout: Label; throttled: Label }
  #serverHandle: WatchHandle | undefined
  /** The delivery still on its way that later events of the same millisecond join. */
  #newest: Batch | undefined
  /** Arrived while the link was cut. */
  #held: WatchEvent[] = []
  #silence: Timer | undefined
  /** When it was asked for on a cut link; undefined once the question is on its way. */
  #dialledMs: number | undefined
  #isOver = false
  #isServerGone = false

  constructor(connection: Connection, request: ApiRequest, sink: WatchSink) {
    this.#connection = connection
    this.#request = request
    this.#sink = sink
    const { sim } = connection
    this.#labels = {
      open: sim.label('wire/watch'),
      deliver: sim.label('wire/deliver'),
      close: sim.label('wire/watch-closed'),
      timeout: sim.label('wire/watch-timeout'),
      throttled: sim.label('client/throttled'),
    }
  }

  /** Sends the request after `waitMs`; it is given up after `timeoutMs` when it gets lost. */
  open(waitMs: number, timeoutMs: number): void {
    const { scope } = this.#connection
    if (waitMs > 0) scope.schedule(waitMs, this.#labels.throttled, () => this.#open(timeoutMs), undefined)
    else this.#open(timeoutMs)
  }

  /** The client wants no more of it. */
  stop(): void {
    if (this.#isOver) return
    this.#end()
    const { sim } = this.#connection
    sim.root.schedule(this.#connection.delayUpMs(), this.#labels.close, stopAtServer, this)
  }

  /** The client is dead: nothing more is sent by it, the server's side sees the connection end. */
  abandon(): void {
    this.#end()
    this.stopAtServer()
  }

  serverDied(): void {
    this.#serverHandle = undefined
    this.#isServerGone = true
    if (!this.#connection.isCut) this.#close(undefined)
  }

  linkChanged(): void {
    if (this.#isOver) return
    const { scope, sim, isCut } = this.#connection
    if (isCut) {
      if (this.#dialledMs === undefined)
        this.#silence ??= scope.schedule(CLIENT.watchReadTimeoutMs, this.#labels.timeout, breakOff, this)
      return
    }
    sim.cancel(this.#silence)
    this.#silence = undefined
    if (this.#dialledMs !== undefined) {
      const delayMs = nextRetransmissionMs(sim.now - this.#dialledMs)
      this.#dialledMs = undefined
      sim.root.schedule(delayMs, this.#labels.open, openAtServer, this)
    } else if (this.#isServerGone) this.#close(undefined)
    else if (this.#held.length > 0) {
      const batch: Batch = { stream: this, atMs: -1, events: [] }
      sim.root.schedule(this.#connection.delayDownMs(), this.#labels.deliver, arrive, batch)
    }
  }

  /** Events are at the client's door. */
  arrive(batch: Batch): void {
    if (this.#newest === batch) this.#newest = undefined
    if (this.#isOver) return
    const connection = this.#connection
    if (!connection.scope.isAlive) {
      this.abandon()
      return
    }
    if (connection.down.isCut) {
      this.#held.push(...batch.events)
      return
    }
    let events = batch.events
    if (this.#held.length > 0) {
      events = [...this.#held, ...events]
      this.#held = []
    }
    if (events.length > 0) this.#sink.deliver(events)
  }

  /** Nothing was heard for too long: both ends give the watch up. */
  breakOff(): void {
    if (this.#isOver) return
    this.#end()
    this.stopAtServer()
    this.#sink.closed(undefined)
  }

  stopAtServer(): void {
    this.#serverHandle?.stop()
    this.#serverHandle = undefined
  }

  #open(timeoutMs: number): void {
    const { scope, sim } = this.#connection
    if (this.#isOver) return
    if (this.#connection.isCut) {
      this.#dialledMs = sim.now
      this.#silence = scope.schedule(timeoutMs, this.#labels.timeout, breakOff, this)
    } else sim.root.schedule(this.#connection.delayUpMs(), this.#labels.open, openAtServer, this)
  }

  openAtServer(): void {
    if (this.#isOver) return
    const server = this.#connection.server()
    if (!server) {
      this.#close(statuses.serviceUnavailable(this.#connection.refusal()))
      return
    }
    let isOpen = true
    this.#serverHandle = server.watch(this.#connection.user, this.#request, {
      deliver: events => this.#deliver(events),
      closed: status => {
        isOpen = false
        this.#serverHandle = undefined
        this.#close(status)
      },
    })
    if (isOpen) this.#sink.opened?.()
  }

  /** In the server's event: puts the events on the wire. */
  #deliver(events: readonly WatchEvent[]): void {
    if (this.#isOver) return
    const connection = this.#connection
    if (!connection.scope.isAlive) {
      this.abandon()
      return
    }
    const { sim } = connection
    const delayMs = connection.delayDownMs()
    const atMs = sim.now + delayMs
    if (this.#newest?.atMs === atMs) {
      this.#newest.events = this.#newest.events.concat(events)
      return
    }
    this.#newest = { stream: this, atMs, events }
    sim.root.schedule(delayMs, this.#labels.deliver, arrive, this.#newest)
  }

  /** In the server's event: tells the client that it is over. */
  #close(status: Status | undefined): void {
    const { scope } = this.#connection
    scope.schedule(this.#connection.delayDownMs(), this.#labels.close, closedAtClient, {
      stream: this,
      status,
    })
  }

  closedAtClient(status: Status | undefined): void {
    if (this.#isOver) return
    this.#end()
    this.#sink.closed(status)
  }

  #end(): void {
    this.#isOver = true
    this.#held = []
    this.#connection.sim.cancel(this.#silence)
    this.#connection.forget(this)
  }
}

function openAtServer(stream: WatchStream): void {
  stream.openAtServer()
}
function stopAtServer(stream: WatchStream): void {
  stream.stopAtServer()
}
function breakOff(stream: WatchStream): void {
  stream.breakOff()
}
function arrive(batch: Batch): void {
  batch.stream.arrive(batch)
}
function closedAtClient(end: { stream: WatchStream; status: Status | undefined }): void {
  end.stream.closedAtClient(end.status)
}
