/**
 * Stops containers, one at a time for a pod that lives on, all of them for one that ends: preStop, SIGTERM, the
 * rest of the grace period, SIGKILL; sidecars after the others, last first. Mirrors `killContainer`,
 * `SyncTerminatingPod` and `SyncTerminatedPod`.
 */
import { KUBELET } from '../../api/index.ts'
import { podEvent, type Services } from '../services.ts'
import { runHandler } from './handlers.ts'
import { isRunning, type PodWorker, type Slot, tell, tellPod } from './pod-worker.ts'

export class PodStopper {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  /** Stops one container; `sync` follows once it has exited. */
  kill(worker: PodWorker, slot: Slot, message: string, graceSeconds: number): void {
    if (!isRunning(slot) || !tell(slot, 'STOP')) return
    const { scope } = this.#services
    podEvent(this.#services, worker.pod, 'Normal', 'Killing', message, slot.fieldPath)
    const preStop = slot.spec.lifecycle?.preStop
    const graceMs = graceSeconds * 1000
    const record = slot.record!
    if (!preStop || graceSeconds === 0) {
      this.#stop(worker, slot, graceMs)
      return
    }
    const beganMs = scope.sim.now
    let isOver = false
    const proceed = () => {
      if (isOver || !scope.isAlive || slot.record !== record) return
      isOver = true
      const left = graceMs - (scope.sim.now - beganMs)
      this.#stop(worker, slot, Math.max(left, KUBELET.minimumGraceSeconds * 1000))
    }
    runHandler(this.#services, worker, slot, preStop, graceMs, ({ isSuccess }) => {
      if (isOver || !scope.isAlive) return
      if (!isSuccess) {
        podEvent(
          this.#services,
          worker.pod,
          'Warning',
          'FailedPreStopHook',
          'PreStopHook failed',
          slot.fieldPath,
        )
      }
      proceed()
    })
    if (!isOver) scope.schedule(graceMs, this.#services.labels.hook, proceed, undefined, worker.subject)
  }

  #stop(worker: PodWorker, slot: Slot, graceMs: number): void {
    const { cri, scope } = this.#services
    cri.stopContainer(slot.record!.id, graceMs, () => {
      if (scope.isAlive) this.#services.sync(worker)
    })
  }

  /** The pod has just entered `terminating`. */
  begin(worker: PodWorker): void {
    const { scope } = this.#services
    scope.sim.cancel(worker.timer)
    scope.sim.cancel(worker.deadline)
    for (const slot of worker.slots) {
      scope.sim.cancel(slot.timer)
      if (!isRunning(slot)) tell(slot, 'ABANDON')
    }
    this.advance(worker)
  }

  /** Less time than before was allowed. */
  hurry(worker: PodWorker): void {
    const graceMs = graceSecondsOf(worker) * 1000
    for (const slot of worker.slots) {
      if (slot.state === 'stopping' && isRunning(slot)) this.#stop(worker, slot, graceMs)
    }
  }

  /** Stops what may be stopped now; goes on when nothing runs any more. */
  advance(worker: PodWorker): void {
    if (worker.state !== 'terminating') return
    const graceSeconds = graceSecondsOf(worker)
    const running = worker.slots.filter(isRunning)
    const last = running.at(-1)
    if (!last) {
      tellPod(worker, 'STOPPED')
      this.#tearDown(worker)
      return
    }
    const regular = running.filter(({ kind }) => kind !== 'sidecar')
    for (const slot of regular.length > 0 ? regular : [last]) {
      if (slot.state !== 'stopping')
        this.kill(worker, slot, `Stopping container ${slot.spec.name}`, graceSeconds)
    }
  }

  #tearDown(worker: PodWorker): void {
    const { cri, scope } = this.#services
    const sandboxes = cri.sandboxes(worker.uid).filter(({ state }) => state === 'ready')
    let left = sandboxes.length
    const done = () => {
      if (!scope.isAlive || --left > 0) return
      tellPod(worker, 'TORN_DOWN')
      this.#services.sync(worker)
    }
    if (left === 0) done()
    else for (const { id } of sandboxes) cri.stopPodSandbox(id, done)
  }

  /** Forgets everything the runtime still has of a pod; a sandbox that came too late is stopped first. */
  clean(podUid: string): void {
    const { cri, scope } = this.#services
    for (const { id, state } of [...cri.sandboxes(podUid)]) {
      if (state === 'notReady') cri.removePodSandbox(id)
      else cri.stopPodSandbox(id, () => scope.isAlive && cri.removePodSandbox(id))
    }
  }
}

/** What the pod was given to go: a deleted one at least a second. */
function graceSecondsOf({ pod, isDeleted, verdict }: PodWorker): number {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata
  const own = pod.spec.terminationGracePeriodSeconds ?? KUBELET.defaultGraceSeconds
  if (deletionTimestamp === undefined && !isDeleted) return verdict ? Math.max(own, 1) : own
  return Math.max(deletionGracePeriodSeconds ?? own, 1)
}
