/** A control plane of etcd, API server and controllers with simulated wires between them, and a hand for the rest. */
import {
  type AnyKind,
  type Event,
  Events,
  KINDS,
  type KubeObject,
  Leases,
  NAMES,
  type Node,
  Nodes,
  type Pod,
  Pods,
  Scheme,
} from '../../src/api/index.ts'
import { ApiServer, sealObject } from '../../src/apiserver/index.ts'
import {
  type ApiPort,
  type ApiResult,
  ControllerHost,
  Informers,
  microTime,
  type RequestOptions,
  requestFor,
  type Verb,
  Wire,
} from '../../src/client/index.ts'
import { CONTROLLERS, type ComponentOptions, startComponents } from '../../src/controllers/index.ts'
import { Etcd, MemoryStorage } from '../../src/etcd/index.ts'
import { formatTime, type Scope, Simulation } from '../../src/sim/index.ts'

interface NewThing {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [more: string]: unknown }
  readonly [more: string]: unknown
}

export class ControlPlane {
  readonly sim: Simulation
  readonly server: ApiServer
  readonly wire: Wire
  readonly admin: ApiPort
  host: ControllerHost
  #managerScope: Scope
  readonly #options: Partial<ComponentOptions>
  readonly #silent = new Set<string>()

  constructor(options: Partial<ComponentOptions> & { seed?: number } = {}) {
    this.#options = options
    this.sim = new Simulation({ seed: options.seed ?? 1 })
    const { root } = this.sim
    const etcd = new Etcd<KubeObject>(root.child('etcd'), {
      storage: new MemoryStorage<KubeObject>(),
      seal: sealObject,
    })
    this.server = new ApiServer(root.child('apiserver'), { scheme: new Scheme(KINDS), etcd })
    this.server.start()
    this.wire = new Wire(this.sim)
    this.sim.advance(1_000)
    const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
    this.admin = this.wire.connect('kubectl', 'apiserver', () => this.server, user)
    this.#managerScope = root.child('kube-controller-manager')
    this.host = this.#newManager()
    this.sim.advance(1_000)
  }

  crashManager(): void {
    this.#managerScope.close()
    this.wire.disconnect('kube-controller-manager')
  }

  startManager(): void {
    this.#managerScope = this.sim.root.child('kube-controller-manager')
    this.host = this.#newManager()
  }

  #newManager(): ControllerHost {
    const scope = this.#managerScope
    const user = { name: 'system:kube-controller-manager', groups: ['system:authenticated'] }
    const api = this.wire.connect('kube-controller-manager', 'apiserver', () => this.server, user, { scope })
    const informers = new Informers(scope, api)
    const host = new ControllerHost(scope, { connect: () => api, informers, controllers: CONTROLLERS })
    startComponents(scope, {
      clusterCidr: '10.244.0.0/16',
      nodeCidrBits: 24,
      ...this.#options,
      connect: () => api,
      informers,
    })
    host.start()
    return host
  }

  /** Sends a request as an administrator; gives the answer. */
  try<T>(
    verb: Verb,
    kind: AnyKind,
    namespace: string,
    name: string,
    more: { body?: unknown; options?: RequestOptions; subresource?: string } = {},
  ): ApiResult<T> {
    let answer: ApiResult<T> | undefined
    this.admin.request(requestFor(verb, kind, namespace, name, more), result => {
      answer = result as unknown as ApiResult<T>
      this.sim.markChanged()
    })
    this.sim.runUntil(() => answer !== undefined, 60_000)
    return answer!
  }

  /** The same when the answer must be yes. */
  ask<T>(...request: Parameters<ControlPlane['try']>): T {
    const answer = this.try<T>(...request)
    if (!answer.ok) throw new Error(`${request[0]} ${request[3]}: ${answer.status.message}`)
    return answer.object
  }

  create<T = KubeObject>(kind: AnyKind, object: NewThing): T {
    const { name, namespace = '' } = object.metadata
    const body = { apiVersion: kind.apiVersion, kind: kind.kind, ...object }
    return this.ask<T>('create', kind, namespace, name, { body })
  }

  get<T>(kind: AnyKind, namespace: string, name: string): T | undefined {
    const answer = this.try<T>('get', kind, namespace, name)
    return answer.ok ? answer.object : undefined
  }

  list<T>(kind: AnyKind, namespace = '', options: RequestOptions = {}): readonly T[] {
    return this.ask<{ items: readonly T[] }>('list', kind, namespace, '', { options }).items
  }

  delete(kind: AnyKind, namespace: string, name: string, options: RequestOptions = {}): void {
    this.ask('delete', kind, namespace, name, { options })
  }

  patch(kind: AnyKind, namespace: string, name: string, body: unknown, subresource = ''): void {
    this.ask('patch', kind, namespace, name, { body, subresource, options: { patchType: 'merge' } })
  }

  /** Messages of the events with that reason. */
  events(reason: string): string[] {
    return this.list<Event>(Events)
      .filter(event => event.reason === reason)
      .map(event => event.message ?? '')
  }

  /** A node whose Lease is renewed every 10 s until {@link silence}. */
  addNode(name: string, labels: Record<string, string> = {}): void {
    const now = formatTime(this.sim.now)
    const beat = { lastHeartbeatTime: now, lastTransitionTime: now }
    this.create(Nodes, { metadata: { name, labels } })
    this.patch(
      Nodes,
      '',
      name,
      {
        status: {
          conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure']
            .map(type => ({ type, status: 'False', reason: 'KubeletHasNoPressure', message: '', ...beat }))
            .concat([{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '', ...beat }]),
        },
      },
      'status',
    )
    const metadata = { name, namespace: NAMES.nodeLeaseNamespace }
    this.create(Leases, {
      metadata,
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTime(this.sim.now) },
    })
    this.#renew(name)
  }

  silence(name: string): void {
    this.#silent.add(name)
  }

  /** The kubelet is back: it renews its Lease and posts that it is ready. */
  revive(name: string): void {
    this.#silent.delete(name)
    this.#renew(name)
    const now = formatTime(this.sim.now)
    const { conditions = [] } = this.node(name).status
    const ready = { status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now }
    const revived = conditions.map(one => (one.type === 'Ready' ? { ...one, ...ready } : one))
    this.patch(Nodes, '', name, { status: { conditions: revived } }, 'status')
  }

  node(name: string): Node {
    return this.ask<Node>('get', Nodes, '', name)
  }

  taints(name: string): string[] {
    return (this.node(name).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`)
  }

  /** A running pod with an address, on a node. */
  addPod(name: string, more: { labels?: object; spec?: object; ownerReferences?: object[] } = {}): Pod {
    const { labels, ownerReferences, spec } = more
    this.create(Pods, {
      metadata: { name, namespace: 'default', labels, ownerReferences },
      spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
    })
    return this.ask<Pod>('get', Pods, 'default', name)
  }

  setPod(name: string, status: { ip?: string; isReady?: boolean; phase?: string }): void {
    const { ip, isReady = true, phase = 'Running' } = status
    const ready = {
      type: 'Ready',
      status: isReady ? 'True' : 'False',
      lastTransitionTime: formatTime(this.sim.now),
    }
    const addresses = ip ? { podIP: ip, podIPs: [{ ip }] } : {}
    this.patch(Pods, 'default', name, { status: { phase, conditions: [ready], ...addresses } }, 'status')
  }

  #renew(name: string): void {
    const label = this.sim.label('test/lease')
    const beat = () => {
      if (this.#silent.has(name)) return
      const body = { spec: { renewTime: microTime(this.sim.now) } }
      const request = requestFor('patch', Leases, NAMES.nodeLeaseNamespace, name, {
        body,
        options: { patchType: 'merge' },
      })
      this.admin.request(request, () => {})
      this.sim.root.schedule(10_000, label, beat, undefined)
    }
    beat()
  }
}
