/**
 * Deletes pods that are bound to nodes which do not exist. Mirrors the orphan part of `pkg/controller/podgc`: the
 * node must be missing for 40 s and from the API server itself. Deleting finished pods beyond a threshold (12500)
 * is not modelled; unscheduled terminating pods never linger here, because deleting them takes no grace.
 */
import { NODE_LIFECYCLE, Nodes, type Pod, Pods } from '../../api/index.ts'
import {
  type ApiPort,
  call,
  deleteObject,
  getObject,
  type Informers,
  requestFor,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'
import { isPodFinished } from '../shared/pod-state.ts'
import { PODS_BY_NODE } from '../shared/pods-by-node.ts'

export interface PodGarbageCollectorOptions {
  readonly api: ApiPort
  readonly informers: Informers
}

export class PodGarbageCollector {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #pool: WorkerPool

  constructor(scope: Scope, options: PodGarbageCollectorOptions) {
    this.#scope = scope
    this.#api = options.api
    this.#informers = options.informers
    const work = { workers: 1, subjectPrefix: '/registry/nodes/' }
    this.#pool = new WorkerPool(scope, 'pod-garbage-collector', work, name => this.#collect(name))
    this.#informers.of(Nodes)
    this.#informers.of(Pods).addIndex(PODS_BY_NODE)
  }

  start(): void {
    this.#informers.start()
    this.#informers.whenSynced(() => {
      const nodes = this.#informers.of(Nodes)
      nodes.addHandler({ deleted: node => this.#missing(node.metadata.name) })
      const podSeen = (pod: Pod) => {
        const { nodeName } = pod.spec
        if (nodeName && !nodes.get('', nodeName)) this.#missing(nodeName)
      }
      this.#informers.of(Pods).addHandler({
        added: podSeen,
        updated: (pod, old) => {
          if (pod.spec.nodeName !== old.spec.nodeName) podSeen(pod)
        },
      })
      this.#pool.start()
    })
  }

  /** Looks at the node's pods when it has been missing for the quarantine, at the next round of upstream's. */
  #missing(nodeName: string): void {
    const { podGcPeriodMs, orphanQuarantineMs } = NODE_LIFECYCLE
    const { now, startMs } = this.#scope.sim
    const firstRound = Math.ceil((now - startMs) / podGcPeriodMs) * podGcPeriodMs
    const dueMs = startMs + firstRound + orphanQuarantineMs
    this.#pool.queue.addAfter(nodeName, dueMs - now)
  }

  *#collect(nodeName: string): Routine<WorkResult> {
    if (this.#informers.of(Nodes).get('', nodeName)) return 'done'
    const found = yield* getObject(this.#api, Nodes, '', nodeName)
    if (found.ok) return 'done'
    if (found.code !== 404) return 'retry'
    for (const pod of this.#informers.of(Pods).list(PODS_BY_NODE, nodeName)) {
      if (!(yield* this.#forceDelete(pod))) return 'retry'
    }
    return 'done'
  }

  *#forceDelete(pod: Pod): Routine<boolean> {
    const { namespace = '', name, uid } = pod.metadata
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastTransitionTime: this.#scope.sim.timestamp(),
    }
    if (!isPodFinished(pod)) {
      const body = { metadata: { uid }, status: { phase: 'Failed', conditions: [condition] } }
      const request = requestFor('patch', Pods, namespace, name, {
        subresource: 'status',
        body,
        options: { patchType: 'strategic' },
      })
      const result = yield* call(this.#api, request)
      if (!result.ok && result.code !== 404) return false
    }
    const options = { gracePeriodSeconds: 0, preconditions: { uid } }
    const result = yield* deleteObject(this.#api, Pods, pod, options)
    return result.ok || result.code === 404
  }
}
