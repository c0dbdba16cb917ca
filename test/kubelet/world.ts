/** Nodes on a real API server and etcd, with pods bound by hand: what the kubelet's integration tests stand on. */
import {
  type AnyKind,
  type Event,
  Events,
  type Node,
  Nodes,
  type Pod,
  Pods,
  ServiceAccounts,
} from '../../src/api/index.ts'
import type { ApiResult, Wire } from '../../src/client/index.ts'
import {
  type Cni,
  type CniSandbox,
  Containerd,
  type Image,
  imageCatalogue,
  Kubelet,
  type NodeConfig,
  NodeDisk,
} from '../../src/kubelet/index.ts'
import type { Scope, Simulation } from '../../src/sim/index.ts'
import {
  type Asked,
  type BareControlPlane,
  bareControlPlane,
  create,
  mustRequest,
  type NewThing,
  request,
} from '../shared/bare-control-plane.ts'

/** Addresses 10.244.0.2 onwards. */
class CountingCni implements Cni {
  notReady: string | undefined
  /** Refuses every ADD with this. */
  failure: string | undefined
  readonly added: CniSandbox[] = []
  readonly deleted: string[] = []
  readonly #listeners = new Set<() => void>()

  onReadinessChange(changed: () => void): () => void {
    this.#listeners.add(changed)
    return () => this.#listeners.delete(changed)
  }

  become(notReady: string | undefined): void {
    this.notReady = notReady
    for (const changed of this.#listeners) changed()
  }

  add(sandbox: CniSandbox, reply: Parameters<Cni['add']>[1]): void {
    if (this.failure) {
      reply({ ok: false, message: this.failure })
      return
    }
    this.added.push(sandbox)
    reply({ ok: true, ips: [`10.244.0.${this.added.length + 1}`] })
  }

  delete(sandbox: CniSandbox): void {
    this.deleted.push(sandbox.id)
  }
}

interface WorldOptions {
  readonly seed?: number
  readonly images?: readonly Image[]
  readonly isGenericAllowed?: boolean
  readonly node?: Partial<NodeConfig>
  readonly isCniLate?: boolean
}

export class World {
  readonly sim: Simulation
  readonly wire: Wire
  readonly cni = new CountingCni()
  readonly disk = new NodeDisk()
  runtime!: Containerd
  kubelet!: Kubelet
  readonly #options: WorldOptions
  readonly #plane: BareControlPlane
  #machine!: Scope
  #kubeletScope!: Scope

  constructor(options: WorldOptions = {}) {
    this.#options = options
    this.#plane = bareControlPlane({ seed: options.seed })
    this.sim = this.#plane.sim
    this.wire = this.#plane.wire
    this.create(ServiceAccounts, { metadata: { name: 'default', namespace: 'default' } })
    if (options.isCniLate) this.cni.notReady = 'cni plugin not initialized'
    this.boot()
  }

  get config(): NodeConfig {
    return { name: 'node-1', cpu: '4', memory: '8Gi', internalIp: '192.168.1.11', ...this.#options.node }
  }

  boot(): void {
    this.#machine = this.sim.root.child('machine')
    this.runtime = new Containerd(this.#machine, {
      nodeName: 'node-1',
      nodeIps: ['192.168.1.11'],
      disk: this.disk,
      images: imageCatalogue({
        more: this.#options.images,
        isGenericAllowed: this.#options.isGenericAllowed,
      }),
      cni: this.cni,
    })
    this.startKubelet()
  }

  startKubelet(): void {
    this.#kubeletScope = this.sim.root.child('kubelet')
    const user = { name: 'system:node:node-1', groups: ['system:nodes'] }
    const api = this.wire.connect('node-1', 'apiserver', () => this.#plane.server, user, {
      scope: this.#kubeletScope,
    })
    this.kubelet = new Kubelet(this.#kubeletScope, {
      node: this.config,
      api,
      cri: this.runtime,
      cni: this.cni,
    })
    this.kubelet.start()
  }

  crashKubelet(): void {
    this.#kubeletScope.close()
  }

  crashMachine(): void {
    this.crashKubelet()
    this.#machine.close()
  }

  ask<T>(...asked: Asked): ApiResult<T> {
    return request<T>(this.#plane, ...asked)
  }

  must<T>(...asked: Asked): T {
    return mustRequest<T>(this.#plane, ...asked)
  }

  create<T>(kind: AnyKind, object: NewThing): T {
    return create<T>(this.#plane, kind, object)
  }

  /** A pod in `default`, bound to the node already. */
  pod(name: string, spec: Partial<Pod['spec']>): Pod {
    return this.create<Pod>(Pods, {
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [], ...spec },
    })
  }

  get(name: string): Pod | undefined {
    const result = this.ask<Pod>('get', Pods, 'default', name)
    return result.ok ? result.object : undefined
  }

  node(): Node {
    return this.must<Node>('get', Nodes, '', 'node-1')
  }

  /** Runs until the pod is as wanted. */
  until(name: string, wanted: (pod: Pod | undefined) => boolean, withinMs = 60_000): Pod | undefined {
    const end = this.sim.now + withinMs
    for (;;) {
      const pod = this.get(name)
      if (wanted(pod)) return pod
      if (this.sim.now > end) throw new Error(`not in time: ${JSON.stringify(pod?.status, null, 1)}`)
      this.sim.advance(50)
    }
  }

  untilReady(name: string, withinMs = 60_000): Pod {
    return this.until(name, pod => isReady(pod), withinMs)!
  }

  delete(name: string, options: object = {}): void {
    this.must('delete', Pods, 'default', name, { options })
  }

  /** `Normal Pulled: message` of what is about `name`, oldest first. */
  events(name: string): string[] {
    this.sim.advance(100)
    const list = this.must<{ items: Event[] }>('list', Events, '', '')
    return list.items
      .filter(event => event.involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(
        event =>
          `${event.type} ${event.reason}: ${event.message}${(event.count ?? 1) > 1 ? ` (x${event.count})` : ''}`,
      )
  }

  logs(pod: Pod, container?: string): string[] {
    const records = this.runtime.containers(pod.metadata.uid)
    const record = records.findLast(({ config }) => !container || config.name === container)
    return record?.log.lines().map(({ text }) => text) ?? []
  }
}

function isReady(pod: Pod | undefined): boolean {
  return pod?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** `Initialized=True Ready=False(ContainersNotReady)` */
export function conditions(pod: Pod | undefined): string {
  return (pod?.status.conditions ?? [])
    .map(({ type, status, reason }) => `${type}=${status}${reason ? `(${reason})` : ''}`)
    .join(' ')
}
