/** What a pod asks of its node: requests, quality of service, and whether there is room: `lifecycle.PredicateAdmitHandler`. */
import type { PodSpec, ResourceRequirements } from 'kubernetes-types/core/v1.js'
import { bytes, milliCpu } from '../../api/index.ts'

/** Thousandths of a CPU, and bytes. */
export interface Requests {
  readonly cpuMilli: number
  readonly memoryBytes: number
}

const requestsOf = (resources: ResourceRequirements | undefined): Requests => ({
  cpuMilli: milliCpu(resources?.requests?.cpu),
  memoryBytes: bytes(resources?.requests?.memory),
})

/** The larger of its containers together and of the greatest moment of its initialisation, plus overhead. */
export function podRequests(spec: PodSpec): Requests {
  let cpuMilli = 0
  let memoryBytes = 0
  for (const { resources } of spec.containers) {
    const own = requestsOf(resources)
    cpuMilli += own.cpuMilli
    memoryBytes += own.memoryBytes
  }
  if (spec.initContainers) {
    let sidecars: Requests = { cpuMilli: 0, memoryBytes: 0 }
    let peak: Requests = sidecars
    for (const { resources, restartPolicy } of spec.initContainers) {
      const own = add(requestsOf(resources), sidecars)
      peak = {
        cpuMilli: Math.max(peak.cpuMilli, own.cpuMilli),
        memoryBytes: Math.max(peak.memoryBytes, own.memoryBytes),
      }
      if (restartPolicy === 'Always') sidecars = own
    }
    cpuMilli = Math.max(cpuMilli + sidecars.cpuMilli, peak.cpuMilli)
    memoryBytes = Math.max(memoryBytes + sidecars.memoryBytes, peak.memoryBytes)
  }
  if (!spec.overhead) return { cpuMilli, memoryBytes }
  return add(
    { cpuMilli, memoryBytes },
    { cpuMilli: milliCpu(spec.overhead.cpu), memoryBytes: bytes(spec.overhead.memory) },
  )
}

function add(a: Requests, b: Requests): Requests {
  return { cpuMilli: a.cpuMilli + b.cpuMilli, memoryBytes: a.memoryBytes + b.memoryBytes }
}

/** `Guaranteed`, `Burstable` or `BestEffort`. */
export function qosClass(spec: PodSpec): string {
  let isGuaranteed = true
  let isBestEffort = true
  for (const { resources } of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const name of ['cpu', 'memory']) {
      const limit = resources?.limits?.[name]
      const request = resources?.requests?.[name] ?? limit
      if (limit !== undefined || request !== undefined) isBestEffort = false
      if (limit === undefined || String(limit) !== String(request)) isGuaranteed = false
    }
  }
  return isBestEffort ? 'BestEffort' : isGuaranteed ? 'Guaranteed' : 'Burstable'
}

export interface Refusal {
  readonly reason: string
  readonly message: string
}

export interface Room extends Requests {
  readonly pods: number
}

/** Why a pod cannot stay on the node, in upstream's words; undefined when it can. */
export function refuse(requests: Requests, used: Room, allocatable: Room): Refusal | undefined {
  const short = (resource: string, requested: number, taken: number, capacity: number) => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${taken}, capacity: ${capacity}`,
  })
  if (used.pods + 1 > allocatable.pods) return short('pods', 1, used.pods, allocatable.pods)
  if (requests.cpuMilli > 0 && used.cpuMilli + requests.cpuMilli > allocatable.cpuMilli) {
    return short('cpu', requests.cpuMilli, used.cpuMilli, allocatable.cpuMilli)
  }
  if (requests.memoryBytes > 0 && used.memoryBytes + requests.memoryBytes > allocatable.memoryBytes) {
    return short('memory', requests.memoryBytes, used.memoryBytes, allocatable.memoryBytes)
  }
  return undefined
}

/** Why a pod that runs cannot have that much: it never will, or not yet. `used` is what the others use. */
export function refuseResize(
  requests: Requests,
  used: Room,
  allocatable: Room,
): { readonly reason: 'Deferred' | 'Infeasible'; readonly message: string } | undefined {
  const never = (resource: string, requested: number, capacity: number) => ({
    reason: 'Infeasible' as const,
    message: `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}`,
  })
  if (requests.memoryBytes > allocatable.memoryBytes) {
    return never('memory', requests.memoryBytes, allocatable.memoryBytes)
  }
  if (requests.cpuMilli > allocatable.cpuMilli) return never('cpu', requests.cpuMilli, allocatable.cpuMilli)
  const refusal = refuse(requests, used, allocatable)
  return refusal && { reason: 'Deferred', message: refusal.message }
}
