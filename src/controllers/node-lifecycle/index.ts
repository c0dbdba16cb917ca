/**
 * Watches over nodes: marks those that fall silent, taints them by their conditions, and lets their pods be
 * evicted at a pace that depends on how many fail at once. Mirrors `pkg/controller/nodelifecycle` and
 * `pkg/controller/tainteviction` (both are started here); differs in one deadline a node instead of a poll.
 */
import { type Lease, Leases, NAMES, NODE_LIFECYCLE, type Node, Nodes, Pods } from '../../api/index.ts'
import {
  type ApiPort,
  call,
  EventRecorder,
  type Informers,
  requestFor,
  updateObject,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'
import { PODS_BY_NODE } from '../shared/pods-by-node.ts'
import { Heartbeats } from './heartbeats.ts'
import { notReadyPatch, silenced } from './silence.ts'
import { TaintEviction } from './taint-eviction.ts'
import {
  executeTaintKey,
  hasExecuteTaint,
  readyStatus,
  withExecuteTaint,
  withScheduleTaints,
} from './taints.ts'
import { Zones } from './zones.ts'

export interface NodeLifecycleOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** `--node-monitor-grace-period` in ms; 50 s unless given. */
  readonly monitorGraceMs?: number
}

export class NodeLifecycleController {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #events: EventRecorder
  readonly #pool: WorkerPool
  readonly #zones: Zones
  readonly #eviction: TaintEviction
  readonly #graceMs: number
  /** Nodes whose turn to be tainted with NoExecute has come. */
  readonly #granted = new Set<string>()
  /** Nodes that were just marked, whose pods are still to be. */
  readonly #toMark = new Set<string>()
  #heartbeats: Heartbeats | undefined

  constructor(scope: Scope, options: NodeLifecycleOptions) {
    this.#scope = scope
    this.#api = options.api
    this.#informers = options.informers
    this.#graceMs = options.monitorGraceMs ?? NODE_LIFECYCLE.monitorGraceMs
    this.#events = new EventRecorder(scope, options.api, { component: NODE_LIFECYCLE.eventSource })
    const work = { workers: NODE_LIFECYCLE.workers, subjectPrefix: '/registry/nodes/' }
    this.#pool = new WorkerPool(scope, 'node-lifecycle', work, name => this.#sync(name))
    this.#zones = new Zones(
      scope,
      name => {
        this.#granted.add(name)
        this.#pool.queue.add(name)
      },
      isDark => this.#darkness(isDark),
    )
    this.#eviction = new TaintEviction(scope, options)
    this.#informers.of(Nodes)
    this.#informers.of(Leases)
    this.#informers.of(Pods).addIndex(PODS_BY_NODE)
  }

  start(): void {
    this.#informers.start()
    this.#informers.whenSynced(() => this.#begin())
  }

  #begin(): void {
    const heartbeats = new Heartbeats(this.#scope, this.#graceMs, name => this.#pool.queue.add(name))
    this.#heartbeats = heartbeats
    this.#informers.of(Nodes).addHandler({
      added: node => {
        const { name } = node.metadata
        this.#record(node, 'RegisteredNode', `Registered Node ${name} in Controller`)
        this.#nodeSeen(node)
      },
      updated: (node, old) => {
        if (
          node.status !== old.status ||
          node.spec !== old.spec ||
          node.metadata.labels !== old.metadata.labels
        )
          this.#nodeSeen(node)
      },
      deleted: node => {
        const { name } = node.metadata
        this.#record(node, 'RemovingNode', `Removing Node ${name} from Controller`)
        heartbeats.forget(name)
        this.#zones.remove(name)
        this.#granted.delete(name)
        this.#toMark.delete(name)
      },
    })
    const leaseSeen = (lease: Lease) => {
      if (lease.metadata.namespace === NAMES.nodeLeaseNamespace) heartbeats.leaseSeen(lease)
    }
    this.#informers.of(Leases).addHandler({ added: leaseSeen, updated: leaseSeen })
    this.#pool.start()
    this.#eviction.start()
  }

  #nodeSeen(node: Node): void {
    this.#heartbeats?.nodeSeen(node)
    this.#zones.set(node.metadata.name, zoneOf(node), readyStatus(node) === 'True')
    this.#pool.queue.add(node.metadata.name)
  }

  *#sync(name: string): Routine<WorkResult> {
    const node = this.#informers.of(Nodes).get('', name)
    if (!node) return 'done'
    const timestamp = this.#scope.sim.timestamp()
    if (this.#heartbeats?.isOverdue(name)) {
      const silent = silenced(node, timestamp)
      // The update comes back as an event, and with it the taints.
      if (silent) return yield* this.#silence(node, silent)
    }
    if (this.#toMark.has(name) && !(yield* this.#markPods(name))) return 'retry'
    const forSchedule = withScheduleTaints(node, timestamp)
    if (forSchedule) return yield* this.#setTaints(node, forSchedule)
    return yield* this.#executeTaint(node, timestamp)
  }

  *#silence(node: Node, silent: Node): Routine<WorkResult> {
    const { name } = node.metadata
    const result = yield* updateObject(this.#api, Nodes, silent, 'status')
    if (!result.ok) return result.code === 404 ? 'done' : 'retry'
    if (readyStatus(node) !== 'True') return 'done'
    this.#events.eventAbout(
      referenceTo(node),
      'Normal',
      'NodeNotReady',
      `Node ${name} status is now: NodeNotReady`,
    )
    this.#toMark.add(name)
    return (yield* this.#markPods(name)) ? 'done' : 'retry'
  }

  /** Marks the pods of a silent node not ready, so that Services leave them out. */
  *#markPods(name: string): Routine<boolean> {
    for (const pod of this.#informers.of(Pods).list(PODS_BY_NODE, name)) {
      const body = notReadyPatch(pod, this.#scope.sim.timestamp())
      if (!body) continue
      const { namespace = '', name: podName } = pod.metadata
      const request = requestFor('patch', Pods, namespace, podName, {
        subresource: 'status',
        body,
        options: { patchType: 'strategic' },
      })
      const result = yield* call(this.#api, request)
      if (result.ok) this.#events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
      else if (result.code !== 404 && result.code !== 409) return false
    }
    this.#toMark.delete(name)
    return true
  }

  /** A first NoExecute taint waits for the node's turn; changing or lifting one does not. */
  *#executeTaint(node: Node, timestamp: string): Routine<WorkResult> {
    const { name } = node.metadata
    const key = this.#zones.isDark ? undefined : executeTaintKey(node)
    const taints = withExecuteTaint(node, key, timestamp)
    if (!key) {
      this.#zones.forget(name)
      this.#granted.delete(name)
    }
    if (!taints) return 'done'
    if (key && !hasExecuteTaint(node) && !this.#granted.delete(name)) {
      this.#zones.wait(name)
      return 'done'
    }
    return yield* this.#setTaints(node, taints)
  }

  *#setTaints(node: Node, taints: object): Routine<WorkResult> {
    const { name, resourceVersion } = node.metadata
    const body = { metadata: { resourceVersion }, spec: { taints } }
    const request = requestFor('patch', Nodes, '', name, { body, options: { patchType: 'strategic' } })
    const result = yield* call(this.#api, request)
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }

  /** Every node silent: it is rather we who are cut off. Taints are lifted, and deadlines start anew afterwards. */
  #darkness(isDark: boolean): void {
    if (!isDark) this.#heartbeats?.resetAll()
    for (const node of this.#informers.of(Nodes).all()) this.#pool.queue.add(node.metadata.name)
  }

  #record(node: Node, reason: string, what: string): void {
    const message = `Node ${node.metadata.name} event: ${what}`
    this.#events.eventAbout(referenceTo(node), 'Normal', reason, message)
  }
}

function referenceTo(node: Node) {
  return { apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid }
}

function zoneOf(node: Node): string {
  const { labels = {} } = node.metadata
  return `${labels[NODE_LIFECYCLE.regionLabel] ?? ''}/${labels[NAMES.zoneLabel] ?? ''}`
}
