/**
 * A cluster behind a real HTTPS port: certificates, the listener, virtual time at the pace of the wall clock. Stands
 * for the machine on which kube-apiserver listens.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import type { Cluster } from '../cluster/index.ts'
import type { Playable } from '../sim/index.ts'
import { UserError } from '../sim/index.ts'
import { signCertificates } from './certificate-signer.ts'
import { CertificateAuthority } from './certificates.ts'
import { publishCluster } from './cluster-info.ts'
import { type DnsServer, serveDns } from './dns-server.ts'
import { Door } from './door.ts'
import { Exchange, REQUEST_PATIENCE_MS } from './exchange.ts'
import { FlowControl } from './flow-control/index.ts'
import { reportSchemas } from './flow-control/status.ts'
import { Gateway } from './gateway.ts'
import { kubeconfigText } from './kubeconfig.ts'
import { Metrics } from './metrics.ts'
import { NodePorts } from './node-ports.ts'
import { Pace, type Speed } from './pace.ts'
import { takeUpgrades } from './upgrades.ts'
import { answerWebhooks } from './webhook-client.ts'

export interface ServeOptions {
  readonly cluster: Cluster
  /** 0 for any that is free. */
  readonly port: number
  /** The address to listen on: `127.0.0.1`. */
  readonly bind: string
  readonly speed: Speed
  /** Whether node ports of Services are listened on, at the same address; no. */
  readonly hasNodePorts?: boolean
  /** The port on which cluster DNS answers, at the same address: 0 for any that is free, undefined for none. */
  readonly dnsPort?: number
  /** Hears of what was left out and goes on without, a line each. */
  readonly warned?: (line: string) => void
  /** How long clients may take; the usual times unless given. */
  readonly patience?: Patience
  /** Who signs the cluster's certificates: the one that its configuration names. A new one unless given. */
  readonly authority?: CertificateAuthority
  /** What time passes for, where it is not the bare loop: a lesson. */
  readonly playable?: Playable
  /** Hears of bugs; the server goes on if it can. */
  readonly failed: (error: unknown) => void
}

/** A server that listens. */
export interface ServedCluster {
  /** `https://127.0.0.1:6443` */
  readonly url: string
  readonly port: number
  /** Where cluster DNS answers, if it does. */
  readonly dnsPort: number | undefined
  /** A kubeconfig for the administrator. */
  readonly kubeconfig: string
  readonly gateway: Gateway
  /** Ends every connection; time stands still from then on. */
  close(): Promise<void>
}

const NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]
const SERVICE_ADDRESS = '10.96.0.1'
const MOST_SESSION_MB = 128

/** How long clients may take, in real ms. */
interface Patience {
  /** A TLS handshake, or the head of a request: nobody holds a connection for nothing. */
  readonly headMs: number
  /** The whole of a request, and any pause in taking its answer. */
  readonly requestMs: number
}

const USUAL_PATIENCE: Patience = { headMs: 10_000, requestMs: REQUEST_PATIENCE_MS }

/** Opens the door. Throws UserError when the port cannot be had. */
export async function serve(options: ServeOptions): Promise<ServedCluster> {
  const { cluster, bind, patience = USUAL_PATIENCE } = options
  const authority = options.authority ?? (await CertificateAuthority.create(Date.now()))
  const hosts = [
    ...new Set([
      ...NAMES,
      '127.0.0.1',
      '::1',
      SERVICE_ADDRESS,
      ...(isWildcard(bind) ? ownAddresses() : [bind]),
    ]),
  ]
  const [own, admin] = await Promise.all([
    authority.server(hosts),
    authority.client({ name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'] }),
  ])
  const listener = createSecureServer({
    allowHTTP1: true,
    key: own.key,
    cert: own.certificate,
    ca: [authority.certificate],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    handshakeTimeout: patience.headMs,
    settings: { maxConcurrentStreams: 250 },
    // Node's 10 MB end streams at random when a session's 250 are slow to take what is theirs.
    maxSessionMemory: MOST_SESSION_MB,
  })
  // Before it listens, which is when it begins to look after its connections.
  const connections = new Connections(listener, patience)
  const port = await listen(listener, options.port, bind)
  const dns = await openDns(options, listener)
  const address = `${isWildcard(bind) ? '127.0.0.1' : bind.includes(':') ? `[${bind}]` : bind}:${port}`
  const { failed } = options
  const pace = new Pace(cluster, options.speed, failed, options.playable)
  const gateway = new Gateway(cluster, pace, failed)
  answerWebhooks(gateway, pace)
  signCertificates(gateway, pace, authority)
  const flow = new FlowControl()
  reportSchemas(gateway, pace)
  const metrics = new Metrics(cluster, flow)
  const door = new Door({ cluster, gateway, metrics, address, flow, failed })
  listener.on('request', (incoming, outgoing) => {
    // Node gives HTTP/2 the shape of HTTP/1.1; the differences are kept inside Exchange.
    void door.serve(
      new Exchange(incoming as unknown as IncomingMessage, outgoing as unknown as ServerResponse, {
        patienceMs: patience.requestMs,
      }),
    )
  })
  takeUpgrades(listener, (exchange, connection) => door.upgrade(exchange, connection))
  listener.on('error', failed)
  const nodePorts = new NodePorts({ gateway, bind, warned: options.warned ?? (() => {}) })
  if (options.hasNodePorts) pace.whenPassed(() => nodePorts.look())
  pace.start()
  const url = `https://${address}`
  if (cluster.world.settings.certificateAuthority === authority.certificate) {
    await publishCluster(gateway, url, authority.certificate)
  }
  return {
    url,
    port,
    dnsPort: dns?.port,
    kubeconfig: kubeconfigText({ server: url, authority: authority.certificate, client: admin }),
    gateway,
    close: async () => {
      gateway.close()
      pace.stop()
      nodePorts.close()
      await dns?.close()
      await connections.close()
    },
  }
}

/** Everything that must end when the server does. */
class Connections {
  readonly #listener: Http2SecureServer
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<Http2Session>()

  constructor(listener: Http2SecureServer, { headMs, requestMs }: Patience) {
    this.#listener = listener
    // A client that begins a TLS handshake and thinks better of it is no error of ours.
    listener.on('tlsClientError', (_, socket) => socket.destroy())
    listener.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => this.#sockets.delete(socket))
    })
    listener.on('session', session => {
      this.#sessions.add(session)
      session.on('error', () => {})
      session.once('close', () => this.#sessions.delete(session))
    })
    listener.on('sessionError', () => {})
    listener.on('clientError', refuseUnreadable)
    listener.setTimeout(0)
    // Of the HTTP/1.1 in it, which has no types here.
    Object.assign(listener, {
      headersTimeout: headMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: headMs / 2,
    })
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#listener.close(() => resolve())
      for (const session of this.#sessions) session.destroy()
      for (const socket of this.#sockets) socket.destroy()
    })
  }
}

/** Closes the listener again when DNS cannot have its port. */
async function openDns(
  { cluster, dnsPort, bind }: ServeOptions,
  listener: Http2SecureServer,
): Promise<DnsServer | undefined> {
  if (dnsPort === undefined) return undefined
  try {
    return await serveDns({ cluster, port: dnsPort, bind })
  } catch (error) {
    listener.close()
    throw error
  }
}

/** What is no HTTP is told so in the words of Go's server, and nothing of it is believed; what comes too late is told nothing. */
function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy()
    return
  }
  const what =
    error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  const head = 'Content-Type: text/plain; charset=utf-8\r\nConnection: close'
  socket.end(`HTTP/1.1 ${what}\r\n${head}\r\n\r\n${what}`, () => socket.destroy())
}

function listen(listener: Http2SecureServer, port: number, bind: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      reject(
        PORT_ERRORS.has(error.code ?? '')
          ? new UserError(`port ${port} of ${bind} cannot be listened on (${error.code})`, {
              where: '--port',
              mend:
                error.code === 'EADDRINUSE'
                  ? 'Something listens there; name another, or 0 for any.'
                  : 'Name one above 1023, or 0 for any.',
            })
          : new UserError(`${bind} cannot be listened on (${error.code})`, {
              where: '--bind',
              mend: 'Name an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them.',
            }),
      )
    }
    listener.once('error', refused)
    listener.listen(port, bind, () => {
      listener.off('error', refused)
      resolve((listener.address() as AddressInfo).port)
    })
  })
}

const PORT_ERRORS: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES'])

/** Under which a machine is found by its neighbours. Addresses that mean something on one link only are left out. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ address }) => !address.startsWith('fe80:')).map(({ address }) => address),
  )
}

function isWildcard(bind: string): boolean {
  return bind === '0.0.0.0' || bind === '::'
}
