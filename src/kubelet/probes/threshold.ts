/** When a run of equal probe results counts: the pure part of `prober/worker.go`. */
import { KUBELET } from '../../api/index.ts'

export interface ProbeRun {
  readonly last: boolean | undefined
  /** How often in a row `last` came. */
  readonly count: number
}

export const NO_RUN: ProbeRun = Object.freeze({ last: undefined, count: 0 })

export interface Thresholds {
  readonly successThreshold?: number
  readonly failureThreshold?: number
}

/** The run with one more result, and the verdict where that many are enough. */
export function countResult(
  run: ProbeRun,
  isSuccess: boolean,
  thresholds: Thresholds,
): { readonly run: ProbeRun; readonly verdict: boolean | undefined } {
  const count = run.last === isSuccess ? run.count + 1 : 1
  const needed = isSuccess
    ? (thresholds.successThreshold ?? KUBELET.probe.successThreshold)
    : (thresholds.failureThreshold ?? KUBELET.probe.failureThreshold)
  return { run: { last: isSuccess, count }, verdict: count >= needed ? isSuccess : undefined }
}

/** The first tick at or after `fromMs` of a ticker that began at `phaseMs`. */
export function nextTick(phaseMs: number, periodMs: number, fromMs: number): number {
  return phaseMs + Math.max(1, Math.ceil((fromMs - phaseMs) / periodMs)) * periodMs
}
