/** A control plane of etcd, API server and scheduler with simulated wires between them, and nobody else. */
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
import {
  type ApiPort,
  type ApiResult,
  Informers,
  requestFor,
  type Verb,
  Wire,
} from '../../src/client/index.ts'
import { Etcd, MemoryStorage } from '../../src/etcd/index.ts'
import { Scheduler, type SchedulerOptions } from '../../src/scheduler/index.ts'
import { type Scope, Simulation } from '../../src/sim/index.ts'

/** What is sent to create an object; apiVersion and kind are filled in. */
interface NewThing {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: object
  readonly status?: object
}

export class ControlPlane {
  readonly sim: Simulation
  readonly server: ApiServer
  readonly wire: Wire
  readonly admin: ApiPort
  scheduler: Scheduler
  #schedulerScope: Scope
  readonly #options: Partial<SchedulerOptions>

  constructor(options: Partial<SchedulerOptions> & { seed?: number } = {}) {
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
    this.sim.advance(100)
    this.admin = this.wire.connect('kubectl', 'apiserver', () => this.server, {
      name: 'kubernetes-admin',
      groups: ['system:masters'],
    })
    this.create(ServiceAccounts, { metadata: { name: 'default', namespace: 'default' } })
    this.#schedulerScope = root.child('kube-scheduler')
    this.scheduler = this.#newScheduler()
  }

  crashScheduler(): void {
    this.#schedulerScope.close()
  }

  startScheduler(): void {
    this.#schedulerScope = this.sim.root.child('kube-scheduler')
    this.scheduler = this.#newScheduler()
  }

  #newScheduler(): Scheduler {
    const scope = this.#schedulerScope
    const api = this.wire.connect(
      'kube-scheduler',
      'apiserver',
      () => this.server,
      { name: 'system:kube-scheduler', groups: ['system:authenticated'] },
      { scope },
    )
    const informers = new Informers(scope, api)
    const scheduler = new Scheduler(scope, { api, informers, ...this.#options })
    scheduler.start()
    informers.start()
    return scheduler
  }

  /** Sends a request as an administrator and waits for the answer, which must be yes. */
  ask<T>(verb: Verb, kind: AnyKind, namespace: string, name: string, body?: unknown, more: object = {}): T {
    let answer: ApiResult<T> | undefined
    this.admin.request({ ...requestFor(verb, kind, namespace, name, { body }), ...more }, result => {
      answer = result as unknown as ApiResult<T>
      this.sim.markChanged()
    })
    this.sim.runUntil(() => answer !== undefined, 60_000)
    if (!answer?.ok)
      throw new Error(`${verb} ${kind.plural} ${name}: ${answer?.status.message ?? 'no answer'}`)
    return answer.object
  }

  create(kind: AnyKind, object: NewThing): void {
    const { name, namespace = '' } = object.metadata
    const body = { apiVersion: kind.apiVersion, kind: kind.kind, ...object }
    this.ask('create', kind, namespace, name, body)
  }

  addNode(
    name: string,
    parts: Partial<Pick<Node, 'spec'>> & { allocatable?: Record<string, string> } = {},
  ): void {
    const room = { cpu: '4', memory: '8Gi', pods: '110', ...parts.allocatable }
    this.create(Nodes, {
      metadata: { name },
      spec: parts.spec ?? {},
      status: { allocatable: room, capacity: room },
    })
  }

  addPod(name: string, spec: Partial<Pod['spec']> = {}, requests: Record<string, string> = {}): void {
    const containers = [{ name: 'c', image: 'nginx', resources: { requests } }]
    this.create(Pods, { metadata: { name, namespace: 'default' }, spec: { containers, ...spec } })
  }

  patch(kind: AnyKind, namespace: string, name: string, body: unknown): void {
    this.ask('patch', kind, namespace, name, body, { options: { patchType: 'merge' } })
  }

  /** Deletes at once, without grace. */
  delete(kind: AnyKind, namespace: string, name: string): void {
    this.ask('delete', kind, namespace, name, undefined, { options: { gracePeriodSeconds: 0 } })
  }

  pod(name: string): Pod {
    return this.ask<Pod>('get', Pods, 'default', name)
  }

  nodeOf(name: string): string | undefined {
    return this.pod(name).spec.nodeName
  }

  /** `Reason: message (xN)` of a pod's events, in the order of their first times. */
  events(name: string): string[] {
    const { items } = this.ask<{ items: Event[] }>('list', Events, 'default', '')
    return items
      .filter(event => event.involvedObject.name === name)
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .map(
        ({ type, reason, message, count }) =>
          `${type} ${reason}: ${message}${count === 1 ? '' : ` (x${count})`}`,
      )
  }
}
