/**
 * One look at one pod: sees what the runtime has come to, does the next steps, tells the API. Safe to call at
 * any time and as often as one likes: mirrors `SyncPod` and the pod workers around it.
 */

import { podEvent, type Services } from '../services.ts'
import type { StatusManager } from '../status-manager.ts'
import type { ContainerStarter } from './container-starter.ts'
import { naturalEnd, nextSteps } from './next-steps.ts'
import { podStatus } from './pod-status.ts'
import type { PodStopper } from './pod-stopper.ts'
import {
  isBeingReplaced,
  isTerminal,
  isTerminating,
  type PodWorker,
  type Slot,
  tell,
  tellPod,
} from './pod-worker.ts'
import type { SandboxMaker } from './sandbox-maker.ts'
import type { SpecChanges } from './spec-changes.ts'

export interface PodSyncOptions {
  readonly statuses: StatusManager
  readonly sandboxes: SandboxMaker
  readonly starter: ContainerStarter
  readonly stopper: PodStopper
  readonly changes: SpecChanges
  /** Nothing of the pod is left anywhere. */
  readonly forget: (worker: PodWorker) => void
  /** The pod uses nothing of the node any more. */
  readonly release: (worker: PodWorker) => void
}

export class PodSync {
  readonly #services: Services
  readonly #options: PodSyncOptions

  constructor(services: Services, options: PodSyncOptions) {
    this.#services = services
    this.#options = options
  }

  /** Sees, acts, and tells. */
  sync(worker: PodWorker): void {
    this.proceed(worker)
    this.#tell(worker)
  }

  /** Sees and acts; what has come of it is told after the next relist. */
  proceed(worker: PodWorker): void {
    if (worker.state === 'gone') return
    for (const slot of worker.slots) observe(slot)
    if (isTerminating(worker)) this.#options.stopper.advance(worker)
    else if (mustEnd(worker)) this.#end(worker)
    else this.#step(worker)
    if (isTerminal(worker)) this.#ended(worker)
  }

  #tell(worker: PodWorker): void {
    const { statuses } = this.#options
    // While it is being taken down, what is told is told once, at the end.
    if (worker.isDeleted || worker.state === 'tearingDown' || worker.state === 'terminating') return
    if (worker.state === 'gone' || worker.slots.some(isBeingReplaced)) return
    statuses.set(worker, podStatus(worker, this.#services.host, this.#services.scope.sim.timestamp()))
    statuses.deleteIfDone(worker)
  }

  #end(worker: PodWorker): void {
    tellPod(worker, 'TERMINATE')
    this.#options.stopper.begin(worker)
  }

  #step(worker: PodWorker): void {
    const { sandboxes, starter, changes } = this.#options
    if (worker.state === 'admitted') {
      this.#armDeadline(worker)
      tellPod(worker, 'PREPARE')
      sandboxes.prepare(worker)
      return
    }
    if (worker.state !== 'active') return
    changes.follow(worker)
    const restartPolicy = worker.pod.spec.restartPolicy ?? 'Always'
    const steps = nextSteps(worker.slots, restartPolicy)
    for (const { slot, act } of steps) if (act === 'finish') tell(slot, 'FINISH')
    if (naturalEnd(worker.slots, restartPolicy)) {
      this.#end(worker)
      return
    }
    if (worker.sandbox?.state !== 'ready') {
      sandboxes.replace(worker)
      return
    }
    for (const { slot, act } of steps) {
      if (act === 'restart') starter.restart(worker, slot)
      else if (act === 'start') starter.start(worker, slot)
    }
  }

  #armDeadline(worker: PodWorker): void {
    const seconds = worker.pod.spec.activeDeadlineSeconds
    if (seconds === undefined || worker.deadline) return
    const { scope, labels } = this.#services
    const leftMs = Math.max(0, Date.parse(worker.startTime) + seconds * 1000 - scope.sim.now)
    worker.deadline = scope.schedule(leftMs, labels.deadline, w => this.#expire(w), worker, worker.subject)
  }

  #expire(worker: PodWorker): void {
    if (isTerminating(worker)) return
    const message = 'Pod was active on the node longer than the specified deadline'
    worker.verdict = { reason: 'DeadlineExceeded', message }
    podEvent(this.#services, worker.pod, 'Normal', 'DeadlineExceeded', message)
    this.sync(worker)
  }

  #ended(worker: PodWorker): void {
    if (worker.state === 'gone') return
    this.#options.release(worker)
    if (!worker.isDeleted) return
    this.#options.stopper.clean(worker.uid)
    tellPod(worker, 'FORGET')
    this.#options.forget(worker)
  }

  /** Takes over what an earlier kubelet, or the node before its crash, has left of a pod. */
  adopt(worker: PodWorker, started: (slot: Slot) => void): void {
    const { cri } = this.#services
    const sandbox = cri.sandboxes(worker.uid).at(-1)
    if (!sandbox) return
    worker.sandbox = sandbox
    worker.sandboxAttempts = sandbox.config.attempt + 1
    worker.ips = sandbox.network.ips
    for (const record of cri.containers(worker.uid)) {
      const slot = worker.slots.find(({ spec }) => spec.name === record.config.name)
      if (!slot || record.state === 'created') continue
      slot.previous = slot.record
      slot.record = record
      const { resources } = record
      if (resources && resources !== slot.spec.resources) slot.spec = { ...slot.spec, resources }
    }
    tellPod(worker, 'ADOPT')
    worker.followedSpec = undefined
    this.#armDeadline(worker)
    for (const slot of worker.slots) {
      if (slot.record?.state === 'running') {
        tell(slot, 'STARTED')
        started(slot)
      } else if (slot.record) tell(slot, 'EXITED')
    }
  }
}

/** A container whose process has ended has exited, and answers no more. */
function observe(slot: Slot): void {
  if (slot.record?.state !== 'exited' || slot.state === 'waiting' || !tell(slot, 'EXITED')) return
  slot.isStarted = false
  slot.isReady = false
}

/** Somebody, or its deadline, wants the pod gone. */
function mustEnd({ pod, isDeleted, verdict }: PodWorker): boolean {
  return pod.metadata.deletionTimestamp !== undefined || isDeleted || verdict !== undefined
}
