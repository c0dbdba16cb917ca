/**
 * How many replicas a metric asks for. Mirrors `pkg/controller/podautoscaler/replica_calculator.go`: pods without a
 * metric count as idle or busy, whichever keeps the number where it is.
 */
import { findCondition, type Measurement, type Pod } from '../../api/index.ts'
import { requestOf } from './metrics.ts'

const TOLERANCE = 0.1
/** `--horizontal-pod-autoscaler-cpu-initialization-period` */
const CPU_INITIALISATION_MS = 300_000
/** `--horizontal-pod-autoscaler-initial-readiness-delay` */
const INITIAL_READINESS_MS = 30_000

/** What is to be reached: a share of the requests in percent, or thousandths a pod. */
export type Target = { readonly percent: number } | { readonly average: number }

export interface Question {
  readonly current: number
  readonly pods: readonly Pod[]
  /** Thousandths by pod. */
  readonly usage: ReadonlyMap<string, number>
  /** When each pod was measured, and for how long. */
  readonly measurements: ReadonlyMap<string, Pick<Measurement, 'timestampMs' | 'windowMs'>>
  readonly resource: string
  readonly container: string | undefined
  readonly target: Target
  readonly nowMs: number
}

export type Answer =
  | {
      readonly replicas: number
      /** Percent of the requests, where that is the target. */
      readonly utilization: number | undefined
      /** Thousandths a pod. */
      readonly average: number
    }
  | { readonly error: string }

export function replicasFor(question: Question): Answer {
  const { current, pods, target } = question
  if (pods.length === 0) return { error: 'no pods returned by selector while calculating replica count' }
  const { usage, ready, unready, missing } = groupPods(question)
  if (usage.size === 0) {
    return { error: 'did not receive metrics for targeted pods (pods might be unready)' }
  }
  const requests = requestsOf(question)
  if (!(requests instanceof Map)) return requests
  const measured = ratioOf(usage, requests, target)
  if (!measured) return { error: 'no metrics returned matched known pods' }
  const { ratio, utilization, average } = measured
  const stays: Answer = { replicas: current, utilization, average }
  const isUpWithUnready = unready.length > 0 && ratio > 1
  if (!isUpWithUnready && missing.length === 0) {
    return isWithinTolerance(ratio) ? stays : { ...stays, replicas: Math.ceil(ratio * ready) }
  }
  const guessed = new Map(usage)
  for (const name of missing) {
    if (ratio < 1) guessed.set(name, fullUsage(name, requests, target))
    else if (ratio > 1) guessed.set(name, 0)
  }
  if (isUpWithUnready) for (const name of unready) guessed.set(name, 0)
  const likely = ratioOf(guessed, requests, target)?.ratio ?? ratio
  const hasTurned = (ratio < 1 && likely > 1) || (ratio > 1 && likely < 1)
  if (isWithinTolerance(likely) || hasTurned) return stays
  const replicas = Math.ceil(likely * guessed.size)
  const isBackwards = (likely < 1 && replicas > current) || (likely > 1 && replicas < current)
  return isBackwards ? stays : { ...stays, replicas }
}

function isWithinTolerance(ratio: number): boolean {
  return 1 - TOLERANCE <= ratio && ratio <= 1 + TOLERANCE
}

function groupPods({ pods, usage: all, measurements, resource, nowMs }: Question) {
  const usage = new Map(all)
  const unready: string[] = []
  const missing: string[] = []
  let ready = 0
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    if (deletionTimestamp || pod.status.phase === 'Failed') usage.delete(name)
    else if (
      pod.status.phase === 'Pending' ||
      (resource === 'cpu' && usage.has(name) && isStarting(pod, measurements.get(name), nowMs))
    ) {
      unready.push(name)
      usage.delete(name)
    } else if (!usage.has(name)) missing.push(name)
    else ready++
  }
  return { usage, ready, unready, missing }
}

/** Whether what the pod uses says nothing yet. */
function isStarting(
  pod: Pod,
  measured: Pick<Measurement, 'timestampMs' | 'windowMs'> | undefined,
  nowMs: number,
): boolean {
  const condition = findCondition<{ type: string; status: string; lastTransitionTime?: string }>(pod, 'Ready')
  const { startTime } = pod.status
  if (!condition || !startTime) return true
  const startedMs = Date.parse(startTime)
  const changedMs = Date.parse(condition.lastTransitionTime ?? startTime)
  if (startedMs + CPU_INITIALISATION_MS > nowMs) {
    const { timestampMs = 0, windowMs = 0 } = measured ?? {}
    return condition.status === 'False' || timestampMs < changedMs + windowMs
  }
  return condition.status === 'False' && startedMs + INITIAL_READINESS_MS > changedMs
}

/** By pod; none are needed for a target that is an average. */
function requestsOf({
  pods,
  resource,
  container,
  target,
}: Question): Map<string, number> | { error: string } {
  const requests = new Map<string, number>()
  if (!('percent' in target)) return requests
  for (const pod of pods) {
    const request = requestOf(pod, resource, container)
    if (typeof request !== 'number') {
      return {
        error: `missing request for ${resource} in container ${request.missing} of Pod ${pod.metadata.name}`,
      }
    }
    requests.set(pod.metadata.name, request)
  }
  return requests
}

function fullUsage(name: string, requests: ReadonlyMap<string, number>, target: Target): number {
  if (!('percent' in target)) return target.average
  return Math.floor(((requests.get(name) ?? 0) * Math.max(100, target.percent)) / 100)
}

function ratioOf(usage: ReadonlyMap<string, number>, requests: ReadonlyMap<string, number>, target: Target) {
  let [used, asked] = [0, 0]
  for (const [name, value] of usage) {
    used += value
    asked += requests.get(name) ?? 0
  }
  const average = Math.floor(used / usage.size)
  if (!('percent' in target)) return { ratio: average / target.average, utilization: undefined, average }
  if (asked === 0) return undefined
  const utilization = Math.floor((used * 100) / asked)
  return { ratio: utilization / target.percent, utilization, average }
}
