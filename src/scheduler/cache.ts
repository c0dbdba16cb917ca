/**
 * What the scheduler believes about nodes and the pods on them, ahead of what it has been told: a pod is assumed
 * to be on its node from the decision on, until a watch confirms it or the binding fails. Mirrors kube-scheduler's
 * `backend/cache`.
 */
import type { Node, Pod } from '../api/index.ts'
import { assert } from '../sim/index.ts'
import { isSameToPods, NodeInfo, newGenerations, newPodInfo, type PodInfo } from './node-info.ts'
import { isBeingResized, requestsOfPod } from './requests.ts'
import { NodeTree, type Snapshot, zoneOf } from './snapshot.ts'

interface PodState {
  info: PodInfo
  nodeName: string
  isAssumed: boolean
  /** When an assumption whose binding went through is given up; undefined for never. */
  deadlineMs: number | undefined
}

/** Hears of every change that could alter a decision, before it is made. */
export interface CacheListener {
  /** Also called with `isAdded` false for the removal. */
  podMoved(info: PodInfo, nodeName: string, isAdded: boolean): void
  nodeSet(nodeName: string, before: Node | undefined, after: Node | undefined): void
}

export class Cache implements Snapshot {
  readonly #nodes = new Map<string, NodeInfo>()
  readonly #pods = new Map<string, PodState>()
  readonly #tree = new NodeTree()
  readonly #generations = newGenerations()
  readonly #listener: CacheListener | undefined
  #order: readonly NodeInfo[] = []
  #isOrderStale = false
  #assumed = 0
  #softTaintedNodes = 0
  #lowestPriority = 0

  constructor(listener?: CacheListener) {
    this.#listener = listener
  }

  get softTaintedNodes(): number {
    return this.#softTaintedNodes
  }

  get lowestPriority(): number {
    return this.#lowestPriority
  }

  /** A new array whenever nodes came or went, the same one otherwise. */
  get nodes(): readonly NodeInfo[] {
    if (this.#isOrderStale) {
      this.#isOrderStale = false
      for (const info of this.#order) info.index = -1
      this.#order = this.#tree.list().map(name => this.#nodes.get(name)!)
      this.#generations.byIndex = Float64Array.from(this.#order, (info, index) => {
        info.index = index
        return info.generation
      })
    }
    return this.#order
  }

  get generations(): Float64Array {
    if (this.#isOrderStale) void this.nodes
    return this.#generations.byIndex
  }

  get(nodeName: string): NodeInfo | undefined {
    const info = this.#nodes.get(nodeName)
    return info?.node ? info : undefined
  }

  /** Nodes and names that only pods know, in no order that matters. */
  allNodes(): Iterable<NodeInfo> {
    return this.#nodes.values()
  }

  /** Pods on nodes, assumed ones included. */
  get podCount(): number {
    return this.#pods.size
  }

  get assumedCount(): number {
    return this.#assumed
  }

  /** The number of the last change. */
  get generation(): number {
    return this.#generations.last
  }

  isAssumed(uid: string): boolean {
    return this.#pods.get(uid)?.isAssumed ?? false
  }

  /** Counts the pod on the node from now on, as if it were bound. */
  assume(info: PodInfo, nodeName: string): void {
    assert(!this.#pods.has(info.uid), 'a pod is assumed once')
    this.#pods.set(info.uid, { info, nodeName, isAssumed: true, deadlineMs: undefined })
    this.#assumed++
    this.#place(info, nodeName)
  }

  /** The binding went through: with a time to live, the assumption is given up at `deadlineMs`. */
  finishBinding(uid: string, deadlineMs: number | undefined): void {
    const state = this.#pods.get(uid)
    if (state?.isAssumed) state.deadlineMs = deadlineMs
  }

  /** The binding failed. Says whether the pod was assumed still. */
  forget(uid: string): boolean {
    const state = this.#pods.get(uid)
    if (!state?.isAssumed) return false
    this.#remove(uid, state)
    return true
  }

  /** Forgets assumptions past their deadline and gives their keys. */
  expire(nowMs: number): string[] {
    const expired: string[] = []
    for (const [uid, state] of this.#pods) {
      if (!state.isAssumed || state.deadlineMs === undefined || state.deadlineMs > nowMs) continue
      expired.push(state.info.key)
      this.#remove(uid, state)
    }
    return expired
  }

  /** A watch shows the pod on a node: confirms what was assumed, or corrects it. */
  addPod(pod: Pod): void {
    const nodeName = pod.spec.nodeName!
    const state = this.#pods.get(pod.metadata.uid)
    if (!state) {
      const info = newPodInfo(pod)
      this.#pods.set(info.uid, { info, nodeName, isAssumed: false, deadlineMs: undefined })
      this.#place(info, nodeName)
      return
    }
    if (state.isAssumed) {
      state.isAssumed = false
      state.deadlineMs = undefined
      this.#assumed--
    }
    this.#refresh(state, pod, nodeName)
  }

  updatePod(pod: Pod): void {
    const state = this.#pods.get(pod.metadata.uid)
    if (!state || state.isAssumed) this.addPod(pod)
    else this.#refresh(state, pod, pod.spec.nodeName!)
  }

  removePod(pod: Pod): void {
    const state = this.#pods.get(pod.metadata.uid)
    if (state) this.#remove(pod.metadata.uid, state)
  }

  addNode(node: Node): void {
    this.#setNode(node)
  }

  updateNode(node: Node): void {
    this.#setNode(node)
  }

  /** Its pods are kept until they are seen to go. */
  removeNode(nodeName: string): void {
    const info = this.#nodes.get(nodeName)
    if (!info?.node) return
    this.#listener?.nodeSet(nodeName, info.node, undefined)
    this.#tree.remove(info.node)
    this.#isOrderStale = true
    if (info.softTaints.length > 0) this.#softTaintedNodes--
    info.setNode(undefined)
    if (info.pods.length === 0) this.#nodes.delete(nodeName)
  }

  #setNode(node: Node): void {
    const info = this.#infoOf(node.metadata.name)
    const before = info.node
    if (!before || !isSameToPods(node, before)) this.#listener?.nodeSet(info.name, before, node)
    if (!before || zoneOf(before) !== zoneOf(node)) {
      if (before) this.#tree.remove(before)
      this.#tree.add(node)
      this.#isOrderStale = true
    }
    if (info.softTaints.length > 0) this.#softTaintedNodes--
    info.setNode(node)
    if (info.softTaints.length > 0) this.#softTaintedNodes++
  }

  /** Takes in a newer version of a pod; moves and recounts it only when that differs. */
  #refresh(state: PodState, pod: Pod, nodeName: string): void {
    const { info } = state
    const isSame = pod.spec === info.pod.spec && !isBeingResized(info.pod)
    const requests = isSame ? info.requests : requestsOfPod(pod)
    if (nodeName === state.nodeName && isSameCount(requests, info.requests)) {
      info.pod = pod
      return
    }
    this.#take(info, state.nodeName)
    state.info = newPodInfo(pod)
    state.nodeName = nodeName
    this.#place(state.info, nodeName)
  }

  #remove(uid: string, state: PodState): void {
    this.#take(state.info, state.nodeName)
    if (state.isAssumed) this.#assumed--
    this.#pods.delete(uid)
  }

  #place(info: PodInfo, nodeName: string): void {
    this.#listener?.podMoved(info, nodeName, true)
    this.#infoOf(nodeName).addPod(info)
    if (info.priority < this.#lowestPriority) this.#lowestPriority = info.priority
  }

  #take(info: PodInfo, nodeName: string): void {
    this.#listener?.podMoved(info, nodeName, false)
    const node = this.#infoOf(nodeName)
    node.removePod(info)
    if (!node.node && node.pods.length === 0) this.#nodes.delete(nodeName)
  }

  #infoOf(nodeName: string): NodeInfo {
    let info = this.#nodes.get(nodeName)
    if (!info) {
      info = new NodeInfo(nodeName, this.#generations)
      this.#nodes.set(nodeName, info)
    }
    return info
  }
}

function isSameCount(a: PodInfo['requests'], b: PodInfo['requests']): boolean {
  return (
    a === b ||
    (a.milliCpu === b.milliCpu &&
      a.memoryBytes === b.memoryBytes &&
      a.ephemeralStorageBytes === b.ephemeralStorageBytes &&
      a.nonZeroMilliCpu === b.nonZeroMilliCpu &&
      a.nonZeroMemoryBytes === b.nonZeroMemoryBytes &&
      a.scalars === undefined &&
      b.scalars === undefined)
  )
}
