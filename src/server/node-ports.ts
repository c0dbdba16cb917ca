/**
 * NodePorts on the real machine: a listener for every TCP node port of a Service, on the address of the door, as kind's
 * port mappings and minikube's tunnel give. A connection enters the cluster by the first node that is Ready, in order
 * of names, and goes where kube-proxy's rules of that node send it. Listeners come and go with the Services.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { isConditionTrue } from '../api/index.ts'
import type { Gateway, OpenStream } from './gateway.ts'
import { sendFrom } from './uploads.ts'
import { writeOrLetGo } from './waiting.ts'

export interface NodePortsOptions {
  readonly gateway: Gateway
  /** The address to listen on. */
  readonly bind: string
  /** Hears in one line of every port that cannot be listened on. */
  readonly warned: (line: string) => void
}

export class NodePorts {
  readonly #options: NodePortsOptions
  readonly #listeners = new Map<number, Server>()
  /** Ports that somebody else has: tried again when Services change, spoken of once. */
  readonly #taken = new Set<number>()
  readonly #sockets = new Set<Socket>()
  /** The rules that were looked at last, and whose: revisions are counted anew after a rewind. */
  #seen: { readonly proxy: object; readonly revision: number } | undefined

  constructor(options: NodePortsOptions) {
    this.#options = options
  }

  /** Opens and closes what has come and gone since the last look. Cheap when nothing has. */
  look(): void {
    const { proxy } = this.#options.gateway.cluster.world.network
    const { revision } = proxy.newest
    if (proxy === this.#seen?.proxy && revision === this.#seen.revision) return
    this.#seen = { proxy, revision }
    const wanted = this.#wanted()
    for (const [port, listener] of this.#listeners) {
      if (wanted.has(port)) continue
      this.#listeners.delete(port)
      listener.close()
    }
    for (const port of this.#taken) if (!wanted.has(port)) this.#taken.delete(port)
    for (const [port, service] of wanted) if (!this.#listeners.has(port)) this.#open(port, service)
  }

  /** Ends every listener and connection. */
  close(): void {
    for (const listener of this.#listeners.values()) listener.close()
    this.#listeners.clear()
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Node ports and whose they are: `default/web`. */
  #wanted(): Map<number, string> {
    const wanted = new Map<number, string>()
    for (const [key, { service }] of this.#options.gateway.cluster.world.network.proxy.newest.services) {
      const { type, ports = [] } = service.spec
      if (type !== 'NodePort' && type !== 'LoadBalancer') continue
      for (const { nodePort, protocol = 'TCP' } of ports) {
        if (nodePort && protocol === 'TCP') wanted.set(nodePort, key)
      }
    }
    return wanted
  }

  #open(port: number, service: string): void {
    const { bind, warned } = this.#options
    const listener = createServer({ allowHalfOpen: true }, socket => this.#carry(socket, port))
    this.#listeners.set(port, listener)
    listener.once('listening', () => this.#taken.delete(port))
    listener.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#listeners.get(port) === listener) this.#listeners.delete(port)
      listener.close()
      if (this.#taken.has(port)) return
      this.#taken.add(port)
      warned(`node port ${port} of ${service} cannot be listened on at ${bind} (${error.code}): left out`)
    })
    listener.listen(port, bind)
  }

  #carry(socket: Socket, port: number): void {
    const { gateway } = this.#options
    this.#sockets.add(socket)
    let open: OpenStream | undefined
    socket.on('error', () => {})
    socket.once('close', () => {
      this.#sockets.delete(socket)
      open?.close()
    })
    const node = entryNode(gateway)
    if (node === undefined) {
      socket.resetAndDestroy()
      return
    }
    open = gateway.stream(
      { to: 'node-port', node, port },
      { stdout: chunk => writeOrLetGo(socket, chunk) },
      end => {
        // Docker's proxy, too, has taken the connection before it knows that nobody wants it.
        if ('exitCode' in end) socket.end()
        else socket.resetAndDestroy()
      },
    )
    const sent = open
    socket.on('data', chunk => sendFrom(socket, sent, chunk))
    socket.on('end', () => open?.send({ end: true }))
  }
}

/** The first Ready node by name. */
function entryNode({ cluster }: Gateway): string | undefined {
  return cluster.list('nodes').find(node => isConditionTrue(node, 'Ready'))?.metadata.name
}
