/** Nodes on a real API server and etcd, with pods bound by hand: what the kubelet's integration tests stand on. */
import {
  type AnyKind,
  type Event,
  Events,
  KINDS,
  type KubeObject,
  type Node,
  Nodes,
  type Pod,
  Pods,
  Scheme,
  ServiceAccounts,
} from '../../src/api/index.ts'
import { ApiServer, sealObject } from '../../src/apiserver/index.ts'
import { type ApiPort, type ApiResult, requestFor, type Verb, Wire } from '../../src/client/index.ts'
import { Etcd } from '../../src/etcd/index.ts'
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
import { type Scope, Simulation } from '../../src/sim/index.ts'

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

/** Verb, kind, namespace, name, and what else goes with a request. */
type Asked = [
  verb: Verb,
  kind: AnyKind,
  namespace: string,
  name: string,
  more?: Parameters<typeof requestFor>[4],
]

export class World {
  readonly sim: Simulation
  readonly wire: Wire
  readonly cni = new CountingCni()
  readonly disk = new NodeDisk()
  runtime!: Containerd
  kubelet!: Kubelet
  readonly admin: ApiPort
  readonly #options: WorldOptions
  readonly #server: ApiServer
  #machine!: Scope
  #kubeletScope!: Scope

  constructor(options: WorldOptions = {}) {
    this.#options = options
    this.sim = new Simulation({ seed: options.seed ?? 1 })
    this.wire = new Wire(this.sim)
    const etcd = new Etcd<KubeObject>(this.sim.root.child('etcd'), { seal: sealObject })
    etcd.start()
    this.#server = new ApiServer(this.sim.root.child('apiserver'), { scheme: new Scheme(KINDS), etcd })
    this.#server.start()
    const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
    this.admin = this.wire.connect('kubectl', 'kube-apiserver', () => this.#server, user)
    this.sim.advance(1_000)
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    }
    this.create(ServiceAccounts, account)
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
    const api = this.wire.connect('node-1', 'kube-apiserver', () => this.#server, user, {
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

  ask<T>(...args: Asked): ApiResult<T> {
    let answer: ApiResult<T> | undefined
    this.admin.request(requestFor(...args), result => {
      answer = result as unknown as ApiResult<T>
      this.sim.markChanged()
    })
    this.sim.runUntil(() => answer !== undefined, 60_000)
    if (!answer) throw new Error('no answer')
    return answer
  }

  must<T>(...args: Asked): T {
    const result = this.ask<T>(...args)
    if (!result.ok) throw new Error(result.status.message)
    return result.object
  }

  create<T>(kind: AnyKind, object: { metadata: { name: string; namespace?: string } }): T {
    const { namespace = '', name } = object.metadata
    return this.must<T>('create', kind, namespace, name, { body: object })
  }

  /** A pod in `default`, bound to the node already. */
  pod(name: string, spec: Partial<Pod['spec']>): Pod {
    return this.create<Pod>(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [], ...spec },
    } as never)
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
