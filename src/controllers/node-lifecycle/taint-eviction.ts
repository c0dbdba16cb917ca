/**
 * Deletes pods that do not tolerate a NoExecute taint of their node, at once or when the tolerated time is over.
 * Mirrors `pkg/controller/tainteviction`.
 */
import type { Taint, Toleration } from 'kubernetes-types/core/v1.js'
import { NODE_LIFECYCLE, type Node, Nodes, type Pod, Pods, tolerates } from '../../api/index.ts'
import {
  type ApiPort,
  call,
  deleteObject,
  EventRecorder,
  type Informers,
  requestFor,
} from '../../client/index.ts'
import { type Label, type Routine, type Scope, sleep, type Timer } from '../../sim/index.ts'
import { PODS_BY_NODE } from '../shared/pods-by-node.ts'

export interface TaintEvictionOptions {
  readonly api: ApiPort
  readonly informers: Informers
}

interface Appointment {
  readonly podKey: string
  readonly uid: string
  /** When the tolerated time began. */
  readonly sinceMs: number
  timer: Timer | undefined
}

/** Pauses between tries of a deletion that fails, and how many. */
const RETRY_MS = 10
const RETRIES = 5

export class TaintEviction {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #events: EventRecorder
  readonly #appointments = new Map<string, Appointment>()
  readonly #label: Label

  constructor(scope: Scope, options: TaintEvictionOptions) {
    this.#scope = scope
    this.#api = options.api
    this.#informers = options.informers
    this.#label = scope.sim.label('taint-eviction/delete-pod')
    this.#events = new EventRecorder(scope, options.api, { component: NODE_LIFECYCLE.evictionEventSource })
  }

  /** Begins; the caches of nodes and pods have been filled. */
  start(): void {
    this.#informers.of(Nodes).addHandler({
      added: node => this.#nodeSeen(node, undefined),
      updated: (node, old) => this.#nodeSeen(node, old),
    })
    this.#informers.of(Pods).addHandler({
      added: (pod, key) => this.#podSeen(pod, key),
      updated: (pod, old, key) => {
        const isSame =
          pod.spec.nodeName === old.spec.nodeName && pod.spec.tolerations === old.spec.tolerations
        if (!isSame) this.#podSeen(pod, key)
      },
      deleted: (_pod, key) => this.#cancel(key),
    })
  }

  #nodeSeen(node: Node, old: Node | undefined): void {
    if (old && node.spec.taints === old.spec.taints) return
    const taints = executing(node)
    if (taints.length === 0 && (!old || executing(old).length === 0)) return
    const { name } = node.metadata
    for (const pod of this.#informers.of(Pods).list(PODS_BY_NODE, name)) {
      this.#judge(pod, `${pod.metadata.namespace}/${pod.metadata.name}`, taints)
    }
  }

  #podSeen(pod: Pod, key: string): void {
    if (!pod.spec.nodeName) return
    const node = this.#informers.of(Nodes).get('', pod.spec.nodeName)
    const taints = node ? executing(node) : []
    if (taints.length > 0) this.#judge(pod, key, taints)
  }

  #judge(pod: Pod, key: string, taints: readonly Taint[]): void {
    if (pod.metadata.deletionTimestamp) return
    const toleratedMs = toleratedMsOf(pod.spec.tolerations ?? [], taints)
    if (toleratedMs === Number.POSITIVE_INFINITY) {
      this.#cancel(key)
      return
    }
    const { now } = this.#scope.sim
    const known = this.#appointments.get(key)
    const sinceMs = known && toleratedMs > 0 ? known.sinceMs : now
    const atMs = sinceMs + toleratedMs
    if (known?.timer && known.timer.atMs <= atMs && toleratedMs > 0) return
    this.#scope.sim.cancel(known?.timer)
    const appointment: Appointment = { podKey: key, uid: pod.metadata.uid, sinceMs, timer: undefined }
    const delayMs = Math.max(0, atMs - now)
    appointment.timer = this.#scope.schedule(delayMs, this.#label, this.#due, appointment)
    this.#appointments.set(key, appointment)
  }

  #cancel(key: string): void {
    const appointment = this.#appointments.get(key)
    if (!appointment) return
    this.#appointments.delete(key)
    if (!appointment.timer) return
    this.#scope.sim.cancel(appointment.timer)
    this.#record(appointment, `Cancelling deletion of Pod ${key}`)
  }

  readonly #due = (appointment: Appointment): void => {
    appointment.timer = undefined
    this.#record(appointment, `Marking for deletion Pod ${appointment.podKey}`)
    this.#scope.spawn(this.#label, this.#evict(appointment))
  };

  *#evict(appointment: Appointment): Routine<void> {
    for (let tries = 0; tries < RETRIES; tries++) {
      const pod = this.#informers.of(Pods).getByKey(appointment.podKey)
      if (pod?.metadata.uid !== appointment.uid) return
      const { namespace = '', name } = pod.metadata
      const body = disruption(pod, this.#scope.sim.timestamp())
      const marked = yield* call(
        this.#api,
        requestFor('patch', Pods, namespace, name, {
          subresource: 'status',
          body,
          options: { patchType: 'strategic' },
        }),
      )
      if (marked.ok) {
        const deleted = yield* deleteObject(this.#api, Pods, pod)
        if (deleted.ok || deleted.code === 404) return
      } else if (marked.code === 404) return
      yield* sleep(RETRY_MS)
    }
  }

  #record({ podKey, uid }: Appointment, message: string): void {
    const [namespace = '', name = ''] = podKey.split('/')
    const reference = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid }
    this.#events.eventAbout(reference, 'Normal', 'TaintManagerEviction', message)
  }
}

/** The condition that tells why the pod is disrupted. */
function disruption(pod: Pod, timestamp: string): object {
  return {
    metadata: { uid: pod.metadata.uid },
    status: {
      conditions: [
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByTaintManager',
          message: 'Taint manager: deleting due to NoExecute taint',
          lastTransitionTime: timestamp,
        },
      ],
    },
  }
}

function executing(node: Node): readonly Taint[] {
  return (node.spec.taints ?? []).filter(taint => taint.effect === 'NoExecute')
}

/** How long all taints together are tolerated: 0 when one is not, Infinity when nobody sets a time. */
export function toleratedMsOf(tolerations: readonly Toleration[], taints: readonly Taint[]): number {
  let leastMs = Number.POSITIVE_INFINITY
  for (const taint of taints) {
    const matching = tolerations.filter(toleration => tolerates(toleration, taint))
    if (matching.length === 0) return 0
    for (const { tolerationSeconds } of matching) {
      if (tolerationSeconds === undefined || tolerationSeconds === null) continue
      leastMs = Math.min(leastMs, Math.max(0, tolerationSeconds) * 1000)
    }
  }
  return leastMs
}
