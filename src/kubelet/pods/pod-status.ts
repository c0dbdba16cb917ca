/** A pod's whole status, written as one literal from its worker: mirrors `generateAPIPodStatus`. */
import type { ContainerStatus, HostIP, PodCondition, PodStatus } from 'kubernetes-types/core/v1.js'
import { podConditions } from './conditions.ts'
import { containerStatus } from './container-status.ts'
import { isTerminal, type PodWorker } from './pod-worker.ts'
import { qosClass } from './resources.ts'

/** What all pods of a node share. */
export interface HostAddresses {
  readonly hostIP: string
  readonly hostIPs: HostIP[]
}

const NONE: readonly never[] = Object.freeze([])

export function podStatus(worker: PodWorker, host: HostAddresses, timestamp: string): PodStatus {
  const { pod } = worker
  const hasEphemeral = pod.spec.ephemeralContainers !== undefined
  const slots = hasEphemeral ? worker.slots.filter(({ kind }) => kind !== 'ephemeral') : worker.slots
  if (worker.verdict && !worker.slots.some(({ record }) => record)) return rejected(worker, worker.verdict)
  const hasInit = (pod.spec.initContainers?.length ?? 0) > 0
  const isOver = isTerminal(worker)
  const options = { hasInit, isTerminal: isOver }
  let initContainers: readonly ContainerStatus[] = NONE
  let containers: ContainerStatus[]
  if (hasInit) {
    const split = pod.spec.initContainers!.length
    initContainers = slots.slice(0, split).map(slot => containerStatus(slot, { hasInit, isTerminal: false }))
    containers = slots.slice(split).map(slot => containerStatus(slot, options))
  } else containers = slots.map(slot => containerStatus(slot, options))
  const phase = podPhase(worker, initContainers, containers)
  const before: readonly PodCondition[] = pod.status.conditions ?? NONE
  const status: PodStatus = {
    phase,
    conditions: podConditions({
      spec: pod.spec,
      phase,
      containers,
      initContainers,
      hasSandbox: worker.sandbox?.state === 'ready' && !isOver,
      before: worker.status?.conditions ? withOthers(worker.status.conditions, before) : before,
      timestamp,
      resize: worker.pendingResize || worker.resizeInProgress ? resizeConditions(worker) : NONE,
    }),
    hostIP: host.hostIP,
    hostIPs: host.hostIPs,
    startTime: worker.startTime,
    containerStatuses: containers,
    qosClass: pod.status.qosClass ?? qosClass(pod.spec),
  }
  if (hasInit) status.initContainerStatuses = initContainers as ContainerStatus[]
  if (hasEphemeral) {
    const added = worker.slots.filter(({ kind }) => kind === 'ephemeral')
    status.ephemeralContainerStatuses = added.map(slot => ephemeralStatus(slot))
  }
  if (worker.ips.length > 0) {
    status.podIP = worker.ips[0]
    status.podIPs = worker.ips.map(ip => ({ ip }))
  }
  if (worker.verdict) {
    status.reason = worker.verdict.reason
    status.message = worker.verdict.message
  }
  return status
}

function resizeConditions({ pendingResize, resizeInProgress }: PodWorker): readonly PodCondition[] {
  return [pendingResize, resizeInProgress].filter(condition => condition !== undefined)
}

/** Ephemeral containers are never ready, and have no past. */
function ephemeralStatus(slot: PodWorker['slots'][number]): ContainerStatus {
  const status = containerStatus(slot, { hasInit: false, isTerminal: false })
  return { ...status, ready: false, started: undefined }
}

/** Our conditions as we last wrote them, and those of others as they are now. */
function withOthers(ours: readonly PodCondition[], stored: readonly PodCondition[]): readonly PodCondition[] {
  const isOthers = ({ type }: PodCondition) => !ours.some(own => own.type === type)
  return stored.some(isOthers) ? [...ours, ...stored.filter(isOthers)] : ours
}

function rejected(
  worker: PodWorker,
  verdict: { readonly reason: string; readonly message: string },
): PodStatus {
  const { pod } = worker
  return {
    phase: 'Failed',
    reason: verdict.reason,
    message: verdict.message,
    startTime: worker.startTime,
    qosClass: pod.status.qosClass ?? qosClass(pod.spec),
    conditions: pod.status.conditions,
  }
}

function podPhase(
  worker: PodWorker,
  initContainers: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
): string {
  const restartPolicy = worker.pod.spec.restartPolicy ?? 'Always'
  const natural = phaseOf(worker, restartPolicy, initContainers, containers)
  const isFinal = natural === 'Succeeded' || natural === 'Failed'
  if (worker.verdict) return 'Failed'
  return isTerminal(worker) && !isFinal ? 'Failed' : natural
}

function phaseOf(
  worker: PodWorker,
  restartPolicy: string,
  initContainers: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
): string {
  let isInitPending = false
  for (let i = 0; i < initContainers.length; i++) {
    const { state, ready, started } = initContainers[i]!
    if (worker.slots[i]!.kind === 'sidecar') {
      if (!started) isInitPending = true
    } else if (!ready) {
      if (state?.terminated && restartPolicy === 'Never') return 'Failed'
      isInitPending = true
    }
  }
  let running = 0
  let waiting = 0
  let stopped = 0
  let succeeded = 0
  for (const { state, lastState } of containers) {
    if (state?.running) running++
    else if (state?.terminated) {
      stopped++
      if (state.terminated.exitCode === 0) succeeded++
    } else if (lastState?.terminated) stopped++
    else waiting++
  }
  if (isInitPending && running + stopped === 0) return 'Pending'
  if (waiting > 0) return 'Pending'
  if (running > 0) return 'Running'
  if (isTerminal(worker)) return stopped === succeeded ? 'Succeeded' : 'Failed'
  if (restartPolicy === 'Always') return 'Running'
  if (stopped === succeeded) return 'Succeeded'
  return restartPolicy === 'Never' ? 'Failed' : 'Running'
}
