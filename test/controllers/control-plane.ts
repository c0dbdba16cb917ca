/** A control plane of etcd, API server and controllers with simulated wires between them, and a hand for the rest. */
import {
  type AnyKind,
  type Event,
  Events,
  type KubeObject,
  Leases,
  NAMES,
  type Node,
  Nodes,
  type Pod,
  Pods,
} from '../../src/api/index.ts'
import type { ApiServer } from '../../src/apiserver/index.ts'
import {
  type ApiPort,
  type ApiResult,
  ControllerHost,
  Informers,
  microTime,
  type RequestOptions,
  requestFor,
  type Wire,
} from '../../src/client/index.ts'
import { type ComponentOptions, pureControllers, startComponents } from '../../src/controllers/index.ts'
import { formatTime, type Scope, type Simulation } from '../../src/sim/index.ts'
import {
  type Asked,
  type BareControlPlane,
  bareControlPlane,
  create,
  mustRequest,
  type NewThing,
  request,
} from '../shared/bare-control-plane.ts'

export class ControlPlane {
  readonly sim: Simulation
  readonly server: ApiServer
  readonly wire: Wire
  readonly admin: ApiPort
  host: ControllerHost
  #managerScope: Scope
  readonly #options: Partial<ComponentOptions>
  readonly #silent = new Set<string>()
  readonly #plane: BareControlPlane

  constructor(options: Partial<ComponentOptions> & { seed?: number } = {}) {
    this.#options = options
    this.#plane = bareControlPlane({ seed: options.seed })
    const { sim, server, wire, admin } = this.#plane
    this.sim = sim
    this.server = server
    this.wire = wire
    this.admin = admin
    this.#managerScope = sim.root.child('kube-controller-manager')
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
    const host = new ControllerHost(scope, { connect: () => api, informers, controllers: pureControllers() })
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
  try<T>(...asked: Asked): ApiResult<T> {
    return request<T>(this.#plane, ...asked)
  }

  /** The same when the answer must be yes. */
  ask<T>(...asked: Asked): T {
    return mustRequest<T>(this.#plane, ...asked)
  }

  create<T = KubeObject>(kind: AnyKind, object: NewThing): T {
    return create<T>(this.#plane, kind, object)
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
