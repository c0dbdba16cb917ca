/**
 * Gives every node its block of pod addresses (`spec.podCIDR`), one after another out of the cluster's. Mirrors
 * pkg/controller/nodeipam's range allocator; single stack. A component with state rather than a pure reconcile:
 * which blocks are taken is what it is about.
 */
import { ipv4, type Node, Nodes } from '../../api/index.ts'
import {
  type ApiPort,
  call,
  EventRecorder,
  type Informers,
  requestFor,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'

export interface NodeIpamOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** `--cluster-cidr`. */
  readonly clusterCidr: string
  /** `--node-cidr-mask-size`; 24 upstream. */
  readonly nodeCidrBits: number
}

export class NodeIpam {
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #cluster: ipv4.Cidr
  readonly #bits: number
  readonly #events: EventRecorder
  readonly #pool: WorkerPool
  /** Block bases by the node that has them. */
  readonly #taken = new Map<number, string>()
  #next = 0

  constructor(scope: Scope, options: NodeIpamOptions) {
    this.#api = options.api
    this.#informers = options.informers
    this.#cluster = ipv4.parseCidr(options.clusterCidr)
    this.#bits = options.nodeCidrBits
    this.#events = new EventRecorder(scope, options.api, { component: 'cidrAllocator' })
    this.#pool = new WorkerPool(
      scope,
      'node-ipam',
      { workers: 30, subjectPrefix: '/registry/nodes/' },
      name => this.#assign(name),
    )
  }

  start(): void {
    const nodes = this.#informers.of(Nodes)
    nodes.addHandler({
      added: node => this.#seen(node),
      updated: node => this.#seen(node),
      deleted: node => this.#release(node.metadata.name),
    })
    nodes.whenSynced(() => this.#pool.start())
  }

  #seen(node: Node): void {
    const { podCIDR } = node.spec
    if (podCIDR) this.#taken.set(ipv4.parseCidr(podCIDR).base, node.metadata.name)
    else this.#pool.queue.add(node.metadata.name)
  }

  #release(name: string): void {
    for (const [base, owner] of this.#taken) {
      if (owner === name) this.#taken.delete(base)
    }
  }

  *#assign(name: string): Routine<WorkResult> {
    const node = this.#informers.of(Nodes).get('', name)
    if (!node || node.spec.podCIDR) return 'done'
    const block = this.#reserve(name)
    if (block === undefined) {
      this.#events.event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`)
      return 'retry'
    }
    const podCIDR = ipv4.formatCidr(block)
    const result = yield* call(
      this.#api,
      requestFor('patch', Nodes, '', name, {
        body: { spec: { podCIDR, podCIDRs: [podCIDR] } },
        options: { patchType: 'strategic' },
      }),
    )
    if (result.ok) return 'done'
    this.#taken.delete(block.base)
    return result.code === 404 ? 'done' : 'retry'
  }

  /** The next free block, coming back to released ones after a whole turn. */
  #reserve(name: string): ipv4.Cidr | undefined {
    const count = 2 ** (this.#bits - this.#cluster.bits)
    for (let i = 0; i < count; i++) {
      const block = ipv4.subnet(this.#cluster, this.#bits, (this.#next + i) % count)!
      if (this.#taken.has(block.base)) continue
      this.#next = (this.#next + i + 1) % count
      this.#taken.set(block.base, name)
      return block
    }
    return undefined
  }
}
