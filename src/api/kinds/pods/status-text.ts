/**
 * How kubectl sums up a pod in READY, STATUS and RESTARTS: `printPod` of pkg/printers/internalversion/printers.go.
 */

import type { Container, ContainerState, ContainerStatus } from 'kubernetes-types/core/v1.js'
import { isConditionTrue } from '../../conditions.ts'
import { humanDuration } from '../../duration.ts'
import type { Pod } from './types.ts'

export interface PodSummary {
  readonly readyContainers: number
  readonly totalContainers: number
  /** `Running`, `Init:0/1`, `CrashLoopBackOff`, `Terminating`. */
  readonly status: string
  readonly restarts: number
  /** When the latest restart's predecessor ended, ms since the epoch; 0 when never. */
  readonly lastRestartMs: number
}

/** Counts while going through the containers. */
interface Tally {
  ready: number
  restarts: number
  lastRestartMs: number
}

export function summarisePod(pod: Pod): PodSummary {
  const { spec, status } = pod
  const sidecars = new Set(spec.initContainers?.filter(isSidecar).map(container => container.name))
  const tally: Tally = { ready: 0, restarts: 0, lastRestartMs: 0 }
  const sidecarTally: Tally = { ready: 0, restarts: 0, lastRestartMs: 0 }
  let text = status.reason || status.phase || ''
  const isGated = status.conditions?.some(c => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')
  if (isGated) text = 'SchedulingGated'
  const initialising = initText(pod, sidecars, tally, sidecarTally)
  if (initialising !== undefined) text = initialising
  if (initialising === undefined || isConditionTrue(pod, 'Initialized')) {
    tally.restarts = sidecarTally.restarts
    tally.lastRestartMs = sidecarTally.lastRestartMs
    text = mainText(pod, text, tally)
  }
  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') text = 'Unknown'
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') text = 'Terminating'
  }
  return {
    readyContainers: tally.ready,
    totalContainers: spec.containers.length + sidecars.size,
    status: text,
    restarts: tally.restarts,
    lastRestartMs: tally.lastRestartMs,
  }
}

/** What the init containers make of the status; undefined when they are all through. */
function initText(pod: Pod, sidecars: Set<string>, tally: Tally, sidecarTally: Tally): string | undefined {
  const statuses = pod.status.initContainerStatuses ?? []
  for (let i = 0; i < statuses.length; i++) {
    const container = statuses[i]!
    const isRestartable = sidecars.has(container.name)
    countRestarts(container, tally)
    if (isRestartable) countRestarts(container, sidecarTally)
    const { terminated, waiting } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (isRestartable && container.started) {
      if (container.ready) tally.ready++
      continue
    }
    if (terminated) return `Init:${terminationText(terminated)}`
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
    return `Init:${i}/${pod.spec.initContainers?.length ?? 0}`
  }
  return undefined
}

/** What the containers proper make of the status: the first that has something to say, so from the last on. */
function mainText(pod: Pod, before: string, tally: Tally): string {
  let text = before
  let errorText = ''
  let hasRunning = false
  for (const container of [...(pod.status.containerStatuses ?? [])].reverse()) {
    countRestarts(container, tally)
    const { terminated, waiting, running } = container.state ?? {}
    if (waiting?.reason) text = waiting.reason
    else if (terminated) {
      text = terminationText(terminated)
      if (terminated.exitCode !== 0) errorText = text
    } else if (container.ready && running) {
      hasRunning = true
      tally.ready++
    }
  }
  if (text !== 'Completed') return text
  if (hasRunning && isConditionTrue(pod, 'Ready')) return 'Running'
  if (errorText) return errorText
  return hasRunning ? 'NotReady' : text
}

function terminationText(terminated: NonNullable<ContainerState['terminated']>): string {
  if (terminated.reason) return terminated.reason
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`
}

function countRestarts(container: ContainerStatus, tally: Tally): void {
  tally.restarts += container.restartCount
  const finishedAt = container.lastState?.terminated?.finishedAt
  if (finishedAt) tally.lastRestartMs = Math.max(tally.lastRestartMs, Date.parse(finishedAt))
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

/** `2 (5s ago)` */
export function restartsText(summary: PodSummary, nowMs: number): string {
  const { restarts, lastRestartMs } = summary
  if (restarts === 0 || lastRestartMs === 0) return `${restarts}`
  return `${restarts} (${humanDuration(nowMs - lastRestartMs)} ago)`
}
