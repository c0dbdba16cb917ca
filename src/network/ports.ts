/**
 * What the network needs of the rooms around it: network namespaces with programs that listen in them, and the
 * cables between the nodes. Structural: the kubelet's namespaces and the wire's links fit as they are.
 */

/** What programs say to each other; the network only changes the client's address on the way. */
export interface Payload {
  readonly clientIp: string
}

export interface ListeningProgram<Request extends Payload, Response> {
  serve(request: Request, reply: (response: Response) => void): void
}

export interface Namespace<Request extends Payload, Response> {
  readonly name: string
  /** Its addresses, the primary one first; none before it is wired. */
  readonly ips: readonly string[]
  /** Who listens on a port; undefined is `connection refused`. */
  endpoint(port: number): ListeningProgram<Request, Response> | undefined
}

/** The physical network between nodes, by node name. */
export interface NodeLinks {
  isCut(from: string, to: string): boolean
  /** The delay of one message, in whole ms. */
  delayMs(from: string, to: string): number
}

export interface NodeAddress {
  readonly name: string
  readonly ip: string
}
