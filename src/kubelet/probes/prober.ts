/**
 * Probes running containers: mirrors `pkg/kubelet/prober`. Every probe ticks with its period, counted from when
 * the pod came to the node; ticks that could only be skipped are never scheduled.
 */
import type { Probe } from 'kubernetes-types/core/v1.js'
import { KUBELET } from '../../api/index.ts'
import type { Timer } from '../../sim/index.ts'
import type { ContainerRecord } from '../cri.ts'
import { runHandler } from '../pods/handlers.ts'
import { isTerminating, type PodWorker, type Slot } from '../pods/pod-worker.ts'
import { podEvent, type Services } from '../services.ts'
import { countResult, NO_RUN, nextTick, type ProbeRun } from './threshold.ts'

export type ProbeType = 'Liveness' | 'Readiness' | 'Startup'

interface RunningProbe {
  readonly type: ProbeType
  readonly probe: Probe
  readonly worker: PodWorker
  readonly slot: Slot
  /** The container it probes: another one is another probe. */
  readonly record: ContainerRecord
  readonly phaseMs: number
  run: ProbeRun
  timer: Timer | undefined
}

export interface ProberOptions {
  /** A liveness or startup probe has failed for good: the container is to be restarted. */
  readonly unhealthy: (worker: PodWorker, slot: Slot, type: ProbeType, probe: Probe) => void
}

export class Prober {
  readonly #services: Services
  readonly #options: ProberOptions
  readonly #startedMs: number

  constructor(services: Services, options: ProberOptions) {
    this.#services = services
    this.#options = options
    this.#startedMs = services.scope.sim.now
  }

  /**
   * Begins with the container that has just started in the slot; sets what it is without probes. `before` is
   * what the API knows of a container that an earlier kubelet started.
   */
  start(
    worker: PodWorker,
    slot: Slot,
    before?: { readonly started?: boolean; readonly ready: boolean },
  ): void {
    const { startupProbe, readinessProbe } = slot.spec
    slot.isStarted = startupProbe === undefined || before?.started === true
    slot.isReady = readinessProbe === undefined || before?.ready === true
    if (startupProbe && !slot.isStarted) this.#begin(worker, slot, 'Startup', startupProbe)
    else this.#startOthers(worker, slot, false)
  }

  #startOthers(worker: PodWorker, slot: Slot, isAfterStartup: boolean): void {
    const { livenessProbe, readinessProbe } = slot.spec
    if (readinessProbe) this.#begin(worker, slot, 'Readiness', readinessProbe, isAfterStartup)
    if (livenessProbe) this.#begin(worker, slot, 'Liveness', livenessProbe)
  }

  #begin(worker: PodWorker, slot: Slot, type: ProbeType, probe: Probe, isAtOnce = false): void {
    const { scope, random } = this.#services
    const period = periodMs(probe)
    // A kubelet that has just come up spreads the probes of its many old pods.
    const isNew = scope.sim.now - this.#startedMs < period
    const phaseMs = worker.admittedMs + (isNew ? random.below(period) : 0)
    const running: RunningProbe = {
      type,
      probe,
      worker,
      slot,
      record: slot.record!,
      phaseMs,
      run: NO_RUN,
      timer: undefined,
    }
    if (isAtOnce) this.#probe(running)
    else this.#schedule(running)
  }

  #schedule(running: RunningProbe): void {
    const { scope, labels } = this.#services
    const { probe, record } = running
    const { now } = scope.sim
    const earliestMs = Math.max(now + 1, record.startedMs + (probe.initialDelaySeconds ?? 0) * 1000)
    const atMs = nextTick(running.phaseMs, periodMs(probe), earliestMs)
    running.timer = scope.schedule(
      atMs - now,
      labels.probe,
      r => this.#probe(r),
      running,
      running.worker.subject,
    )
  }

  #probe(running: RunningProbe): void {
    if (!this.#isCurrent(running)) return
    const { worker, slot, probe } = running
    const timeoutMs = (probe.timeoutSeconds ?? KUBELET.probe.timeoutSeconds) * 1000
    runHandler(this.#services, worker, slot, probe, timeoutMs, ({ isSuccess, output }) => {
      if (this.#services.scope.isAlive && this.#isCurrent(running)) this.#judge(running, isSuccess, output)
    })
  }

  #isCurrent({ slot, record, worker }: RunningProbe): boolean {
    if (slot.record !== record || record.state !== 'running') return false
    return slot.state !== 'stopping' && !isTerminating(worker)
  }

  #judge(running: RunningProbe, isSuccess: boolean, output: string): void {
    const { type, worker, slot, probe } = running
    if (!isSuccess) {
      const message = `${type} probe failed: ${output}`
      podEvent(this.#services, worker.pod, 'Warning', 'Unhealthy', message, slot.fieldPath)
    }
    const { run, verdict } = countResult(running.run, isSuccess, probe)
    running.run = run
    if (type === 'Readiness') {
      if (verdict !== undefined && slot.isReady !== verdict) {
        slot.isReady = verdict
        this.#services.sync(worker)
      }
    } else if (verdict === false) {
      this.#options.unhealthy(worker, slot, type, probe)
      return
    } else if (type === 'Startup' && verdict) {
      slot.isStarted = true
      this.#startOthers(worker, slot, true)
      this.#services.sync(worker)
      return
    }
    this.#schedule(running)
  }
}

function periodMs(probe: Probe): number {
  return (probe.periodSeconds ?? KUBELET.probe.periodSeconds) * 1000
}
