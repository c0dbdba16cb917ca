/**
 * Registers the node and keeps its status: on a change at the next check, otherwise every five minutes.
 * Mirrors `kubelet_node_status.go`; the ten-second check is computed, not ticking.
 */
import type { NodeStatus } from 'kubernetes-types/core/v1.js'
import { KUBELET, type Node, Nodes } from '../../api/index.ts'
import { call, createObject, getObject, requestFor, updateObject } from '../../client/index.ts'
import { hash32, hashName, type Routine, sleep, type Timer } from '../../sim/index.ts'
import type { Services } from '../services.ts'
import { conditionEvents, type NodeFacts, newNode, nodeLabels, nodeStatus } from './node-object.ts'

/** How long a kubelet that cannot register waits: 200 ms doubling to 7 s (`registerWithAPIServer`). */
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 7_000

export class NodeAgent {
  readonly #services: Services
  readonly #phaseMs: number
  #isRegistered = false
  #isPosting = false
  #isPostWanted = false
  #timer: Timer | undefined
  #reports = 0

  constructor(services: Services) {
    this.#services = services
    this.#phaseMs = services.scope.sim.now % KUBELET.nodeStatusUpdateMs
  }

  /** `registered` follows once the Node exists. */
  start(registered: (node: Node) => void): void {
    const { scope, labels, cni } = this.#services
    this.#event('Normal', 'Starting', 'Starting kubelet.')
    const stop = cni.onReadinessChange(() => {
      if (scope.isAlive) this.#post()
      else stop()
    })
    scope.spawn(labels.register, this.#register(), node => {
      this.#isRegistered = true
      registered(node)
      if (this.#isPostWanted || this.#isStale(node)) this.#post()
      else this.#scheduleReport()
    })
  }

  /** Something of the status has changed: it is posted at the next check. */
  changed(): void {
    if (!this.#isRegistered) return
    const period = KUBELET.nodeStatusUpdateMs
    const sincePhase = (this.#services.scope.sim.now - this.#phaseMs) % period
    this.#schedule(period - sincePhase)
  }

  *#register(): Routine<Node> {
    const { api, node } = this.#services
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const made = newNode(node, this.#facts())
      const created = yield* createObject<Node>(api, Nodes, made)
      if (created.ok) {
        this.#tellConditions(undefined, created.object.status)
        this.#event('Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
        return created.object
      }
      if (created.code === 409) {
        const known = yield* this.#reconcile()
        if (known) return known
      }
      yield* sleep(waitMs)
    }
  }

  /** The Node is there already, from before this kubelet: its labels are made ours, its status is posted. */
  *#reconcile(): Routine<Node | undefined> {
    const { api, node } = this.#services
    const found = yield* getObject<Node>(api, Nodes, '', node.name)
    if (!found.ok) return undefined
    const { metadata } = found.object
    const wanted = nodeLabels(node)
    const isSame = Object.entries(wanted).every(([name, value]) => metadata.labels?.[name] === value)
    if (isSame) return found.object
    const updated = { ...found.object, metadata: { ...metadata, labels: { ...metadata.labels, ...wanted } } }
    const result = yield* updateObject<Node>(api, Nodes, updated)
    return result.ok ? result.object : undefined
  }

  #isStale({ status }: Node): boolean {
    const { cri, cni } = this.#services
    const ready = status.conditions?.find(({ type }) => type === 'Ready')
    const expected = cni.notReady === undefined ? 'True' : 'False'
    return status.nodeInfo?.bootID !== cri.bootId || ready?.status !== expected
  }

  /** Posts now; changes meanwhile are posted after it. */
  #post(): void {
    this.#isPostWanted = true
    if (!this.#isRegistered || this.#isPosting) return
    const { scope, labels } = this.#services
    scope.sim.cancel(this.#timer)
    this.#timer = undefined
    this.#isPosting = true
    this.#isPostWanted = false
    scope.spawn(labels.nodeStatus, this.#postOnce(), hasPosted => {
      this.#isPosting = false
      if (this.#isPostWanted) this.#post()
      else if (hasPosted) this.#scheduleReport()
      else this.#schedule(KUBELET.nodeStatusUpdateMs)
    })
  }

  *#postOnce(): Routine<boolean> {
    const { api, node } = this.#services
    for (let attempt = 0; attempt < KUBELET.nodeStatusRetries; attempt++) {
      const found = yield* getObject<Node>(api, Nodes, '', node.name)
      if (!found.ok) continue
      const before = found.object
      const status = nodeStatus(node, this.#facts(), before.status)
      const request = requestFor('update', Nodes, '', node.name, {
        subresource: 'status',
        body: { ...before, status },
      })
      const posted = yield* call<Node>(api, request)
      if (!posted.ok) continue
      this.#tellBoot(before.status, status)
      this.#tellConditions(before.status, status)
      return true
    }
    return false
  }

  /** Every five minutes, each node somewhere else in them. */
  #scheduleReport(): void {
    if (this.#timer && this.#timer.run !== undefined) return
    const { scope, node } = this.#services
    const chance = hash32(scope.sim.seed, hashName(node.name), this.#reports++) / 2 ** 32
    const spread = this.#reports === 1 ? Math.round((chance - 0.5) * KUBELET.nodeStatusReportMs) : 0
    this.#schedule(KUBELET.nodeStatusReportMs + spread)
  }

  /** The earlier of what is scheduled and `delayMs` from now. */
  #schedule(delayMs: number): void {
    const { scope, labels } = this.#services
    const isEarlier = this.#timer?.run !== undefined && this.#timer.atMs <= scope.sim.now + delayMs
    if (isEarlier) return
    scope.sim.cancel(this.#timer)
    this.#timer = scope.schedule(delayMs, labels.nodeStatus, () => this.#post(), undefined)
  }

  #facts(): NodeFacts {
    const { cri, cni, scope } = this.#services
    return {
      runtimeVersion: cri.version,
      bootId: cri.bootId,
      networkNotReady: cni.notReady,
      images: cri.images(),
      timestamp: scope.sim.timestamp(),
    }
  }

  #tellConditions(before: NodeStatus | undefined, after: NodeStatus): void {
    const { name } = this.#services.node
    for (const reason of conditionEvents(before, after)) {
      this.#event('Normal', reason, `Node ${name} status is now: ${reason}`)
    }
  }

  #tellBoot(before: NodeStatus, after: NodeStatus): void {
    const bootId = after.nodeInfo?.bootID
    if (!before.nodeInfo?.bootID || before.nodeInfo.bootID === bootId) return
    this.#event(
      'Warning',
      'Rebooted',
      `Node ${this.#services.node.name} has been rebooted, boot id: ${bootId}`,
    )
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { events, node } = this.#services
    // Kubelets know their node by name only, and give that as its uid.
    events.eventAbout({ kind: 'Node', name: node.name, uid: node.name }, type, reason, message)
  }
}
