/**
 * The cables of the control plane: every request, answer and watch delivery between named endpoints
 * (`apiserver`, `kube-scheduler`, `node-1`, `kubectl`) takes a hop here, which may be slow or cut. Stands for
 * TCP with HTTP/2 on top; connections are FIFO in each direction and cost one loop event a hop.
 */
import type { Scope, Simulation } from '../sim/index.ts'
import type { ApiServerPort, UserInfo } from './api-port.ts'
import { Connection } from './connection.ts'
import { Links, type Slowness } from './links.ts'

export interface WireOptions {
  /** Shortest delay of a hop, in whole ms; 1 unless given. */
  readonly latencyMs?: number
  /** Each hop takes up to this many ms more, drawn from the seed; 1 unless given. */
  readonly jitterMs?: number
}

export interface ConnectOptions {
  /** The client's lifetime: when it is over, nothing reaches the client any more. */
  readonly scope?: Scope
  /** How long a request is waited for when a message was lost; client-go's 30 s unless given. */
  readonly timeoutMs?: number
  /** client-go's token bucket; no limit unless given. */
  readonly rateLimit?: { readonly qps: number; readonly burst: number }
}

export class Wire {
  readonly sim: Simulation
  readonly #links: Links
  /** Whether clients keep to their rate limits. */
  limitsClients = true
  #connections: Connection[] = []
  /** So many connections there may be before those that nobody wants are looked for. */
  #sweepAt = 64
  readonly #requestsByClient = new Map<string, { count: number }>()
  #requests = 0

  constructor(sim: Simulation, options: WireOptions = {}) {
    this.sim = sim
    this.#links = new Links(sim.seed, options.latencyMs ?? 1, options.jitterMs ?? 1)
  }

  /** Requests sent so far by everyone, watches included. */
  get requests(): number {
    return this.#requests
  }

  /** Requests sent so far by the client of that name. */
  requestsOf(clientName: string): number {
    return this.#requestsByClient.get(clientName)?.count ?? 0
  }

  /**
   * A client's connection. `server` gives the server's present incarnation, or undefined while it is down;
   * a request that finds it down is refused at once (code 0, `connection refused`).
   */
  connect(
    clientName: string,
    serverName: string,
    server: () => ApiServerPort | undefined,
    user: UserInfo,
    options: ConnectOptions = {},
  ): Connection {
    if (this.#connections.length >= this.#sweepAt) this.#sweep()
    const sent = this.#requestsByClient.get(clientName) ?? { count: 0 }
    this.#requestsByClient.set(clientName, sent)
    const connection = new Connection({
      sim: this.sim,
      clientName,
      serverName,
      server,
      user,
      options,
      up: this.#links.between(clientName, serverName),
      down: this.#links.between(serverName, clientName),
      isLimited: () => this.limitsClients,
      onRequest: () => {
        this.#requests++
        sent.count++
      },
    })
    this.#connections.push(connection)
    return connection
  }

  /** Cuts the cable between two endpoints, or every cable of one. Messages are lost; watches break after 45 s. */
  cut(a: string, b?: string): void {
    this.#links.cut(a, b)
    this.#refresh()
  }

  /** Slows the cable between two endpoints, or every cable of one. */
  slow(a: string, b: string | undefined, slowness: Slowness): void {
    this.#links.slow(a, b, slowness)
  }

  /** Undoes cuts and slowness laid on this pair or endpoint; without arguments, all of them. */
  heal(a?: string, b?: string): void {
    this.#links.heal(a, b)
    this.#refresh()
  }

  /** The delay of the next message between two endpoints that speak to each other directly, in ms. */
  delayMs(from: string, to: string): number {
    return this.#links.between(from, to).nextDelayMs()
  }

  isCut(a: string, b: string): boolean {
    return this.#links.between(a, b).isCut
  }

  /**
   * Says that the process at an endpoint has died (its scope is closed): as a server its clients see their
   * connections reset, as a client its watches end at the server.
   */
  disconnect(endpoint: string): void {
    for (const connection of this.#connections) {
      if (connection.serverName === endpoint) connection.serverDied()
      if (connection.clientName === endpoint) connection.clientDied()
    }
    this.#sweep()
  }

  /** Forgets who is unwanted; next when there are twice as many. */
  #sweep(): void {
    this.#connections = this.#connections.filter(connection => connection.isWanted)
    this.#sweepAt = Math.max(64, 2 * this.#connections.length)
  }

  #refresh(): void {
    for (const connection of this.#connections) connection.linkChanged()
  }
}
