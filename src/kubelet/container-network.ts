/**
 * What a container sees of the network: the namespace it shares with its pod's other containers, in which
 * programs listen on ports, and the way out of it. Names and packets beyond are the network room's, which
 * implements {@link ContainerNetwork} and looks listeners up in the namespaces that CNI handed it.
 */
import { assert } from '../sim/index.ts'

export interface HttpRequest {
  readonly protocol: 'http'
  readonly method: string
  /** With its query: `/guestbook?cmd=set`. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The source address as the program sees it, after any masquerading. */
  readonly clientIp: string
}

/** One line of a conversation over TCP; '' only connects. */
export interface TcpRequest {
  readonly protocol: 'tcp'
  readonly data: string
  readonly clientIp: string
}

export type AppRequest = HttpRequest | TcpRequest

export type AppResponse =
  | {
      readonly protocol: 'http'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | { readonly protocol: 'tcp'; readonly data: string }

/** A program that listens. */
export interface Endpoint {
  /** Answers by calling `reply` once: at once, or in a later event when it has to ask others first. */
  serve(request: AppRequest, reply: (response: AppResponse) => void): void
}

const NOBODY: readonly never[] = Object.freeze([])

/** One Linux network namespace: of a pod, or of the node itself (hostNetwork). */
export class NetworkNamespace {
  /** The sandbox's id, or the node's name for the host's. */
  readonly name: string
  #ips: readonly string[]
  /** Few: most pods listen on one port. */
  #listeners: readonly { readonly port: number; readonly endpoint: Endpoint }[] = NOBODY

  constructor(name: string, ips: readonly string[] = []) {
    this.name = name
    this.#ips = ips
  }

  /** Its addresses, the primary one first; none before CNI ADD. */
  get ips(): readonly string[] {
    return this.#ips
  }

  /** For whoever ran CNI ADD. */
  assignIps(ips: readonly string[]): void {
    this.#ips = ips
  }

  /** Binds a port; false when it is taken: `bind: address already in use`. */
  listen(port: number, endpoint: Endpoint): boolean {
    assert(Number.isInteger(port) && port > 0 && port < 65_536, 'a port is a number from 1 to 65535')
    if (this.endpoint(port)) return false
    this.#listeners = this.#listeners.concat({ port, endpoint })
    return true
  }

  /** Gives the port back if `endpoint` holds it. */
  close(port: number, endpoint: Endpoint): void {
    if (this.endpoint(port) !== endpoint) return
    this.#listeners = this.#listeners.filter(other => other.port !== port)
  }

  /** Who listens on `port`; undefined is `connection refused`. */
  endpoint(port: number): Endpoint | undefined {
    for (const listener of this.#listeners) if (listener.port === port) return listener.endpoint
    return undefined
  }

  /** In ascending order. */
  get ports(): readonly number[] {
    return this.#listeners.map(({ port }) => port).sort((a, b) => a - b)
  }
}

export type NetworkResult =
  | { readonly ok: true; readonly response: AppResponse }
  /** As a program prints it: `connection refused`, `no such host`, `i/o timeout`. */
  | { readonly ok: false; readonly error: string }

/** What the cluster's DNS says of a name. */
export interface NameLookup {
  /** With the search domain that was found, or tried last. */
  readonly name: string
  readonly addresses: readonly string[]
}

/** The way out of a namespace, a port that the network room implements. */
export interface ContainerNetwork {
  /** `host` is an address or a name for the cluster's DNS, as seen from a pod of `podNamespace`. */
  request(
    from: { readonly network: NetworkNamespace; readonly podNamespace: string },
    target: { readonly host: string; readonly port: number },
    request: AppRequest,
    reply: (result: NetworkResult) => void,
  ): void
  /** As seen from a pod of `podNamespace`. */
  lookup(host: string, podNamespace: string): NameLookup
}

/** A world without wires: every request fails as without DNS. For nodes that nobody wired. */
export const NO_NETWORK: ContainerNetwork = {
  request: (_from, target, _request, reply) =>
    reply({ ok: false, error: `lookup ${target.host}: no such host` }),
  lookup: host => ({ name: host, addresses: [] }),
}

/** A plain answer over HTTP. */
export function httpResponse(status: number, body: string, contentType = 'text/plain'): AppResponse {
  return { protocol: 'http', status, headers: { 'content-type': contentType }, body }
}
