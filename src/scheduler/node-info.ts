/**
 * A node and the pods on it, with running sums, so that a filter is a comparison of numbers. Mirrors
 * kube-scheduler's `NodeInfo` and `PodInfo`.
 */
import type { Taint } from 'kubernetes-types/core/v1.js'
import { bytes, deepEqual, milliCpu, type Node, type Pod } from '../api/index.ts'
import { assert } from '../sim/index.ts'
import { type PodRequests, requestsOfPod, type Scalars } from './requests.ts'

/** A pod with what scheduling needs of it worked out. `pod` is replaced when a newer version is seen. */
export interface PodInfo {
  readonly uid: string
  /** `namespace/name` */
  readonly key: string
  pod: Pod
  readonly requests: PodRequests
  readonly priority: number
  readonly hostPorts: readonly HostPort[]
  /** Where it stands in its node's list; the node's business. */
  position: number
}

/** A port of the node itself that a container wants. */
export interface HostPort {
  /** `TCP/8080` */
  readonly protocolPort: string
  /** `0.0.0.0` for every address. */
  readonly address: string
}

export function newPodInfo(pod: Pod): PodInfo {
  const { uid, namespace, name } = pod.metadata
  return {
    uid,
    key: `${namespace}/${name}`,
    pod,
    requests: requestsOfPod(pod),
    priority: pod.spec.priority ?? 0,
    hostPorts: hostPortsOf(pod),
    position: -1,
  }
}

const NO_PORTS: readonly HostPort[] = Object.freeze([])
const ANY_ADDRESS = '0.0.0.0'

function hostPortsOf(pod: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined
  const sidecars = (pod.spec.initContainers ?? []).filter(container => container.restartPolicy === 'Always')
  for (const container of sidecars.length > 0 ? [...sidecars, ...pod.spec.containers] : pod.spec.containers) {
    for (const port of container.ports ?? []) {
      if (!port.hostPort) continue
      ports ??= []
      ports.push({
        protocolPort: `${port.protocol ?? 'TCP'}/${port.hostPort}`,
        address: port.hostIP || ANY_ADDRESS,
      })
    }
  }
  return ports ?? NO_PORTS
}

/** Whether the same port of one node cannot serve both. */
export function isSamePort(a: HostPort, b: HostPort): boolean {
  if (a.protocolPort !== b.protocolPort) return false
  return a.address === b.address || a.address === ANY_ADDRESS || b.address === ANY_ADDRESS
}

/** Numbers the changes of a set of nodes: no two share one. */
export interface Generations {
  last: number
  /** By {@link NodeInfo.index}: every node's generation in one row, to be compared without touching the nodes. */
  byIndex: Float64Array
}

export function newGenerations(): Generations {
  return { last: 0, byIndex: new Float64Array(0) }
}

const NO_TAINTS: readonly Taint[] = Object.freeze([])

/** Whether two versions of a node differ in nothing that scheduling looks at; true for heartbeats. */
export function isSameToPods(node: Node, old: Node): boolean {
  return (
    deepEqual(node.spec, old.spec) &&
    deepEqual(node.metadata.labels, old.metadata.labels) &&
    deepEqual(node.status?.allocatable, old.status?.allocatable)
  )
}

export class NodeInfo {
  readonly name: string
  /** Of the last change that a decision could see. */
  generation = 0
  /** Where it stands in the snapshot's list; -1 when it does not. */
  index = -1
  readonly pods: PodInfo[] = []
  requestedMilliCpu = 0
  requestedMemoryBytes = 0
  requestedEphemeralStorageBytes = 0
  requestedScalars: Map<string, number> | undefined
  nonZeroMilliCpu = 0
  nonZeroMemoryBytes = 0
  allocatableMilliCpu = 0
  allocatableMemoryBytes = 0
  allocatableEphemeralStorageBytes = 0
  allocatablePods = 0
  allocatableScalars: Scalars | undefined
  isUnschedulable = false
  /** NoSchedule and NoExecute. */
  hardTaints: readonly Taint[] = NO_TAINTS
  /** PreferNoSchedule. */
  softTaints: readonly Taint[] = NO_TAINTS
  labels: Readonly<Record<string, string>> = {}
  #node: Node | undefined
  #usedPorts: Map<string, HostPort[]> | undefined
  readonly #generations: Generations

  constructor(name: string, generations: Generations) {
    this.name = name
    this.#generations = generations
  }

  /** Undefined while only its pods are known. */
  get node(): Node | undefined {
    return this.#node
  }

  /** Takes a new version of the node in, or forgets it. */
  setNode(node: Node | undefined): void {
    const old = this.#node
    this.#node = node
    if (node && old && isSameToPods(node, old)) return
    const allocatable = node?.status?.allocatable as Record<string, string> | undefined
    this.allocatableMilliCpu = milliCpu(allocatable?.cpu)
    this.allocatableMemoryBytes = bytes(allocatable?.memory)
    this.allocatableEphemeralStorageBytes = bytes(allocatable?.['ephemeral-storage'])
    this.allocatablePods = bytes(allocatable?.pods)
    this.allocatableScalars = scalarsOf(allocatable)
    this.isUnschedulable = node?.spec?.unschedulable ?? false
    const taints = node?.spec?.taints ?? NO_TAINTS
    this.hardTaints = taints.filter(taint => taint.effect !== 'PreferNoSchedule')
    this.softTaints = taints.filter(taint => taint.effect === 'PreferNoSchedule')
    this.labels = node?.metadata.labels ?? {}
    this.#changed()
  }

  addPod(info: PodInfo): void {
    info.position = this.pods.length
    this.pods.push(info)
    this.#count(info, 1)
    for (const port of info.hostPorts) {
      this.#usedPorts ??= new Map()
      const used = this.#usedPorts.get(port.protocolPort)
      if (used) used.push(port)
      else this.#usedPorts.set(port.protocolPort, [port])
    }
  }

  removePod(info: PodInfo): void {
    assert(this.pods[info.position] === info, 'a pod leaves the node it is on')
    const last = this.pods.pop()!
    if (last !== info) {
      this.pods[info.position] = last
      last.position = info.position
    }
    info.position = -1
    this.#count(info, -1)
    for (const port of info.hostPorts) {
      const used = this.#usedPorts?.get(port.protocolPort)
      used?.splice(used.indexOf(port), 1)
    }
  }

  /** Whether a pod on the node holds the port. */
  isPortTaken(port: HostPort): boolean {
    return this.#usedPorts?.get(port.protocolPort)?.some(used => isSamePort(used, port)) ?? false
  }

  #count({ requests }: PodInfo, sign: 1 | -1): void {
    this.requestedMilliCpu += sign * requests.milliCpu
    this.requestedMemoryBytes += sign * requests.memoryBytes
    this.requestedEphemeralStorageBytes += sign * requests.ephemeralStorageBytes
    this.nonZeroMilliCpu += sign * requests.nonZeroMilliCpu
    this.nonZeroMemoryBytes += sign * requests.nonZeroMemoryBytes
    if (requests.scalars) {
      this.requestedScalars ??= new Map()
      for (const [name, amount] of requests.scalars) {
        this.requestedScalars.set(name, (this.requestedScalars.get(name) ?? 0) + sign * amount)
      }
    }
    this.#changed()
  }

  #changed(): void {
    this.generation = ++this.#generations.last
    if (this.index >= 0) this.#generations.byIndex[this.index] = this.generation
  }
}

function scalarsOf(list: Readonly<Record<string, string>> | undefined): Scalars | undefined {
  let scalars: Map<string, number> | undefined
  for (const name in list) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name === 'pods') continue
    scalars ??= new Map()
    scalars.set(name, bytes(list[name]))
  }
  return scalars
}
