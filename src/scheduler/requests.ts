/**
 * What a pod asks of a node, in plain numbers. Mirrors `k8s.io/component-helpers/resource.PodRequests`: the sum of
 * the containers, or the greatest init container where that is more, with sidecars counted beside both. Of a
 * pod that is being resized the larger of what it asks for and what it has. Pod-level resources are absent.
 */
import type { Container, PodSpec } from 'kubernetes-types/core/v1.js'
import { bytes, deepEqual, milliCpu, type Pod, SCHEDULER } from '../api/index.ts'

/** Amounts of everything but cpu, memory and ephemeral storage, by resource name. */
export type Scalars = ReadonlyMap<string, number>

export interface PodRequests {
  readonly milliCpu: number
  readonly memoryBytes: number
  readonly ephemeralStorageBytes: number
  /** Undefined when there are none, as nearly always. */
  readonly scalars: Scalars | undefined
  /** The same with 100m and 200Mi for every container that asks for none; for scores only. */
  readonly nonZeroMilliCpu: number
  readonly nonZeroMemoryBytes: number
  /** True when the pod asks for nothing at all. */
  readonly isNothing: boolean
  /** Equal for equal requests. */
  readonly signature: string
}

interface Amounts {
  milliCpu: number
  memoryBytes: number
  ephemeralStorageBytes: number
  nonZeroMilliCpu: number
  nonZeroMemoryBytes: number
  scalars: Map<string, number> | undefined
}

interface Remembered {
  readonly initContainers: PodSpec['initContainers']
  readonly overhead: PodSpec['overhead']
  readonly requests: PodRequests
}

/** By the list of containers, which a binding shares with the pod. */
const known = new WeakMap<readonly Container[], Remembered>()

/** By the resources of an only container, which pods of one template share. */
const knownOfOne = new WeakMap<object, PodRequests>()

/** The requests of a stored pod with that spec; computed once for all pods that share what they follow from. */
export function requestsOf(spec: PodSpec): PodRequests {
  const [only] = spec.containers
  const isPlain = spec.containers.length === 1 && !spec.initContainers?.length && !spec.overhead
  if (!isPlain || !only?.resources) return requestsOfMany(spec)
  let requests = knownOfOne.get(only.resources)
  if (!requests) {
    requests = compute(spec)
    knownOfOne.set(only.resources, requests)
  }
  return requests
}

/** What a pod takes of its node: of one that is being resized, what it may still have or already get. */
export function requestsOfPod({ spec, status }: Pod): PodRequests {
  const statuses = status.containerStatuses
  if (!statuses) return requestsOf(spec)
  let containers: Container[] | undefined
  for (let i = 0; i < spec.containers.length; i++) {
    const container = spec.containers[i]!
    const told = statuses[i]?.name === container.name ? statuses[i] : undefined
    const has = told?.resources?.requests
    const asked = container.resources?.requests
    if (!has || has === asked || deepEqual(has, asked)) continue
    containers ??= [...spec.containers]
    const requests = isInfeasible(status) ? has : larger(has, asked, told.allocatedResources)
    containers[i] = { ...container, resources: { ...container.resources, requests } }
  }
  return containers ? compute({ ...spec, containers }) : requestsOf(spec)
}

/** Whether its kubelet has a resize of the pod to do; such conditions come first. */
export function isBeingResized({ status }: Pod): boolean {
  return status.conditions?.[0]?.type.startsWith('PodResize') ?? false
}

function isInfeasible({ conditions }: Pod['status']): boolean {
  return (
    conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible') ?? false
  )
}

type Amount = Readonly<Record<string, string>>

function larger(first: Amount, ...others: readonly (Amount | undefined)[]): Record<string, string> {
  const most: Record<string, string> = { ...first }
  for (const list of others) {
    for (const name in list) {
      const read = name === 'cpu' ? milliCpu : bytes
      if (most[name] === undefined || read(list[name]) > read(most[name])) most[name] = list[name]!
    }
  }
  return most
}

function requestsOfMany(spec: PodSpec): PodRequests {
  const hit = known.get(spec.containers)
  if (hit && hit.initContainers === spec.initContainers && hit.overhead === spec.overhead) return hit.requests
  const requests = compute(spec)
  known.set(spec.containers, { initContainers: spec.initContainers, overhead: spec.overhead, requests })
  return requests
}

function compute(spec: PodSpec): PodRequests {
  const total = nothing()
  for (const container of spec.containers) add(total, amountsOf(container))
  if (spec.initContainers?.length) {
    const sidecars = nothing()
    const peak = nothing()
    for (const container of spec.initContainers) {
      const own = amountsOf(container)
      if (container.restartPolicy === 'Always') {
        add(total, own)
        add(sidecars, own)
        raise(peak, sidecars)
      } else {
        add(own, sidecars)
        raise(peak, own)
      }
    }
    raise(total, peak)
  }
  if (spec.overhead) add(total, amountsIn(spec.overhead))
  return Object.freeze({
    ...total,
    isNothing:
      total.milliCpu === 0 &&
      total.memoryBytes === 0 &&
      total.ephemeralStorageBytes === 0 &&
      total.scalars === undefined,
    signature: [
      total.milliCpu,
      total.memoryBytes,
      total.ephemeralStorageBytes,
      total.nonZeroMilliCpu,
      total.nonZeroMemoryBytes,
      ...(total.scalars ?? []),
    ].join(),
  })
}

function nothing(): Amounts {
  return {
    milliCpu: 0,
    memoryBytes: 0,
    ephemeralStorageBytes: 0,
    nonZeroMilliCpu: 0,
    nonZeroMemoryBytes: 0,
    scalars: undefined,
  }
}

function amountsOf(container: Container): Amounts {
  const requests = container.resources?.requests
  const amounts = amountsIn(requests)
  if (requests?.cpu === undefined) amounts.nonZeroMilliCpu = SCHEDULER.defaultMilliCpu
  if (requests?.memory === undefined) amounts.nonZeroMemoryBytes = SCHEDULER.defaultMemoryBytes
  return amounts
}

function amountsIn(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  const amounts = nothing()
  for (const name in list) {
    const quantity = list[name]
    if (name === 'cpu') amounts.nonZeroMilliCpu = amounts.milliCpu = milliCpu(quantity)
    else if (name === 'memory') amounts.nonZeroMemoryBytes = amounts.memoryBytes = bytes(quantity)
    else if (name === 'ephemeral-storage') amounts.ephemeralStorageBytes = bytes(quantity)
    else {
      amounts.scalars ??= new Map()
      amounts.scalars.set(name, bytes(quantity))
    }
  }
  return amounts
}

function add(to: Amounts, more: Amounts): void {
  merge(to, more, (a, b) => a + b)
}

function raise(to: Amounts, floor: Amounts): void {
  merge(to, floor, Math.max)
}

function merge(to: Amounts, other: Amounts, of: (a: number, b: number) => number): void {
  to.milliCpu = of(to.milliCpu, other.milliCpu)
  to.memoryBytes = of(to.memoryBytes, other.memoryBytes)
  to.ephemeralStorageBytes = of(to.ephemeralStorageBytes, other.ephemeralStorageBytes)
  to.nonZeroMilliCpu = of(to.nonZeroMilliCpu, other.nonZeroMilliCpu)
  to.nonZeroMemoryBytes = of(to.nonZeroMemoryBytes, other.nonZeroMemoryBytes)
  if (!other.scalars) return
  to.scalars ??= new Map()
  for (const [name, amount] of other.scalars) to.scalars.set(name, of(to.scalars.get(name) ?? 0, amount))
}
