/**
 * What may change in a pod that runs: its images, and what its containers may use. A new image restarts its
 * container, new resources are given in place or with a restart, once the node has room. Mirrors `containerChanged`,
 * `handlePodResourcesResize` and `computePodResizeAction`.
 */
import type { Container, PodCondition, PodSpec, ResourceRequirements } from 'kubernetes-types/core/v1.js'
import { KUBELET, semanticEqual } from '../../api/index.ts'
import type { Services } from '../services.ts'
import { isRunning, type PodWorker, type Slot } from './pod-worker.ts'
import { podRequests, type Requests } from './resources.ts'

export interface SpecChangesOptions {
  /** Gives the pod that much of the node, or says why not. */
  readonly reserve: (worker: PodWorker, requests: Requests) => ResizeRefusal | undefined
  readonly kill: (worker: PodWorker, slot: Slot, message: string) => void
  /** Ends a back-off: what it waited for has changed. */
  readonly hasten: (worker: PodWorker, slot: Slot) => void
}

export interface ResizeRefusal {
  readonly reason: 'Deferred' | 'Infeasible'
  readonly message: string
}

export class SpecChanges {
  readonly #services: Services
  readonly #options: SpecChangesOptions

  constructor(services: Services, options: SpecChangesOptions) {
    this.#services = services
    this.#options = options
  }

  /** Does what the pod's spec has asked for since the last look. */
  follow(worker: PodWorker): void {
    const { spec } = worker.pod
    if (spec !== worker.followedSpec) {
      worker.followedSpec = spec
      for (const slot of worker.slots) this.#followImage(worker, slot)
      this.#resize(worker)
    }
    if (worker.resizeInProgress && !worker.slots.some(isBeingResized)) worker.resizeInProgress = undefined
  }

  #followImage(worker: PodWorker, slot: Slot): void {
    const image = wantedOf(worker.pod.spec, slot)?.image
    if (image === undefined || image === slot.spec.image) return
    slot.spec = { ...slot.spec, image }
    slot.imageBackOff = undefined
    if (!isRunning(slot)) this.#options.hasten(worker, slot)
    else {
      const isSidecar = slot.kind === 'sidecar'
      const what = `${isSidecar ? 'Init container' : 'Container'} ${slot.spec.name} definition changed`
      this.#restart(worker, slot, isSidecar ? what : `${what}, will be restarted`)
    }
  }

  #resize(worker: PodWorker): void {
    const { spec } = worker.pod
    const changed = worker.slots.filter(slot => isResized(spec, slot))
    if (changed.length === 0) {
      worker.pendingResize = undefined
      return
    }
    const refusal = this.#options.reserve(worker, podRequests(spec))
    if (refusal) this.#postpone(worker, refusal)
    else {
      worker.pendingResize = undefined
      for (const slot of changed) this.#allocate(worker, slot, wantedOf(spec, slot)!)
    }
  }

  #allocate(worker: PodWorker, slot: Slot, { resources = {}, resizePolicy }: Container): void {
    const before = slot.spec.resources ?? {}
    slot.spec = { ...slot.spec, resources, resizePolicy }
    slot.crashBackOff = undefined
    if (!isRunning(slot)) {
      this.#options.hasten(worker, slot)
      return
    }
    worker.resizeInProgress = condition('PodResizeInProgress', this.#services.scope.sim.timestamp())
    const restarts = resizePolicy?.some(
      policy =>
        policy.restartPolicy === 'RestartContainer' && differIn(policy.resourceName, before, resources),
    )
    if (restarts) this.#restart(worker, slot, `Container ${slot.spec.name} resize requires restart`)
    else this.#services.cri.updateContainerResources(slot.record!.id, resources)
  }

  #restart(worker: PodWorker, slot: Slot, message: string): void {
    slot.isReplaced = true
    this.#options.kill(worker, slot, message)
  }

  /** What does not fit now may fit later, and is looked at again; what never fits is only told. */
  #postpone(worker: PodWorker, { reason, message }: ResizeRefusal): void {
    const { scope, labels, random } = this.#services
    const now = scope.sim.timestamp()
    const before = worker.pendingResize
    const since = before?.reason === reason ? before.lastTransitionTime : undefined
    worker.pendingResize = { ...condition('PodResizePending', now, since), reason, message }
    if (reason === 'Infeasible') return
    const delayMs = Math.round(KUBELET.syncPeriodMs * (1 + KUBELET.syncRetryJitter * random.float()))
    const asked = worker.followedSpec
    const again = () => {
      if (worker.followedSpec !== asked || worker.state !== 'active') return
      this.#resize(worker)
      this.#services.sync(worker)
    }
    scope.schedule(delayMs, labels.resize, again, undefined, worker.subject)
  }
}

function condition(type: string, now: string, since = now): PodCondition {
  return { type, status: 'True', lastProbeTime: now, lastTransitionTime: since }
}

function wantedOf({ containers, initContainers }: PodSpec, { spec, kind }: Slot): Container | undefined {
  const list = kind === 'regular' ? containers : kind === 'ephemeral' ? [] : initContainers
  return list?.find(({ name }) => name === spec.name)
}

function isResized(spec: PodSpec, slot: Slot): boolean {
  const wanted = wantedOf(spec, slot)?.resources
  return wanted !== slot.spec.resources && !semanticEqual(wanted ?? {}, slot.spec.resources ?? {})
}

/** What runs has not got yet what it was given. */
function isBeingResized(slot: Slot): boolean {
  const { record, spec } = slot
  return isRunning(slot) && !semanticEqual(record?.resources ?? {}, spec.resources ?? {})
}

function differIn(name: string, a: ResourceRequirements, b: ResourceRequirements): boolean {
  return a.limits?.[name] !== b.limits?.[name] || a.requests?.[name] !== b.requests?.[name]
}

/** The spec with what the containers were given, where that is not yet, or no longer, what it says. */
export function allocatedSpec({ pod, slots }: PodWorker): PodSpec {
  if (!slots.some(slot => isResized(pod.spec, slot))) return pod.spec
  const given = (container: Container) =>
    slots.find(({ spec }) => spec.name === container.name)?.spec ?? container
  const { containers, initContainers } = pod.spec
  return {
    ...pod.spec,
    containers: containers.map(given),
    ...(initContainers && { initContainers: initContainers.map(given) }),
  }
}
