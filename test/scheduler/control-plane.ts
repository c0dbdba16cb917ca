/** A control plane of etcd, API server and scheduler with simulated wires between them, and nobody else. */
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
import type { ApiServer } from '../../src/apiserver/index.ts'
import { Informers, type Wire } from '../../src/client/index.ts'
import { Scheduler, type SchedulerOptions } from '../../src/scheduler/index.ts'
import type { Scope, Simulation } from '../../src/sim/index.ts'
import {
  type Asked,
  type BareControlPlane,
  bareControlPlane,
  create,
  mustRequest,
  type NewThing,
} from '../shared/bare-control-plane.ts'

export class ControlPlane {
  readonly sim: Simulation
  readonly server: ApiServer
  readonly wire: Wire
  scheduler: Scheduler
  #schedulerScope: Scope
  readonly #options: Partial<SchedulerOptions>
  readonly #plane: BareControlPlane

  constructor(options: Partial<SchedulerOptions> & { seed?: number } = {}) {
    this.#options = options
    this.#plane = bareControlPlane({ seed: options.seed, settleMs: 100 })
    const { sim, server, wire } = this.#plane
    this.sim = sim
    this.server = server
    this.wire = wire
    this.create(ServiceAccounts, { metadata: { name: 'default', namespace: 'default' } })
    this.#schedulerScope = sim.root.child('kube-scheduler')
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
  ask<T>(...asked: Asked): T {
    return mustRequest<T>(this.#plane, ...asked)
  }

  create(kind: AnyKind, object: NewThing): void {
    create(this.#plane, kind, object)
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
    // A node is born with the not-ready taint, which its lifecycle controller takes away: here nobody else is.
    this.patch(Nodes, '', name, { spec: { taints: parts.spec?.taints ?? null } })
  }

  addPod(name: string, spec: Partial<Pod['spec']> = {}, requests: Record<string, string> = {}): void {
    const containers = [{ name: 'c', image: 'nginx', resources: { requests } }]
    this.create(Pods, { metadata: { name, namespace: 'default' }, spec: { containers, ...spec } })
  }

  patch(kind: AnyKind, namespace: string, name: string, body: unknown): void {
    this.ask('patch', kind, namespace, name, { body, options: { patchType: 'merge' } })
  }

  /** Deletes at once, without grace. */
  delete(kind: AnyKind, namespace: string, name: string): void {
    this.ask('delete', kind, namespace, name, { options: { gracePeriodSeconds: 0 } })
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
