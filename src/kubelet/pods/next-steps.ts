/**
 * What is to be done with a pod's containers now, decided from where they stand: mirrors
 * `computePodActions` of kuberuntime, one starting container at a time.
 */
import type { Slot } from './pod-worker.ts'
import { isStarting } from './pod-worker.ts'

export interface Step {
  readonly slot: Slot
  /** `restart` is subject to the crash back-off; `finish` leaves it ended for good. */
  readonly act: 'start' | 'restart' | 'finish'
}

/** Whether a container that ended so runs again. */
export function shouldRestart(slot: Slot, restartPolicy: string, exitCode: number): boolean {
  if (slot.kind === 'ephemeral') return false
  if (slot.kind === 'sidecar' || slot.isReplaced) return true
  if (slot.kind === 'init') return exitCode !== 0 && restartPolicy !== 'Never'
  if (restartPolicy === 'Always') return true
  return restartPolicy === 'OnFailure' && exitCode !== 0
}

/** `slots` in the order of the spec, init containers first. */
export function nextSteps(slots: readonly Slot[], restartPolicy: string): Step[] {
  const steps: Step[] = []
  const isBusy = slots.some(isStarting)
  const isInitialized = hasInitialized(slots)
  let isBlocked = isBusy
  let mayGoOn = true
  for (const slot of slots) {
    const isInit = slot.kind === 'init' || slot.kind === 'sidecar'
    if (slot.state === 'exited') {
      const doesRestart = shouldRestart(slot, restartPolicy, slot.record?.exitCode ?? 0)
      if (!doesRestart) steps.push({ slot, act: 'finish' })
      else if (!isBlocked && (mayGoOn || isInitialized)) {
        steps.push({ slot, act: 'restart' })
        isBlocked = true
      }
    } else if (slot.state === 'waiting' && !isBlocked && mayGoOn) {
      if (!(slot.kind === 'init' && isInitialized)) {
        steps.push({ slot, act: 'start' })
        isBlocked = true
      }
    }
    if (isInit && !isInitialized && !isInitDone(slot, steps)) mayGoOn = false
  }
  return steps
}

/** Regular containers have begun, so initialisation lies behind. */
function hasInitialized(slots: readonly Slot[]): boolean {
  for (const slot of slots) if (slot.kind === 'regular' && slot.state !== 'waiting') return true
  return false
}

function isInitDone(slot: Slot, steps: readonly Step[]): boolean {
  if (slot.kind === 'sidecar') return slot.state === 'running' && slot.isStarted
  if (slot.record?.exitCode !== 0) return false
  return slot.state === 'finished' || steps.some(step => step.slot === slot && step.act === 'finish')
}

/** How a pod has ended of itself; undefined while it has not. */
export function naturalEnd(
  slots: readonly Slot[],
  restartPolicy: string,
): 'Succeeded' | 'Failed' | undefined {
  let hasFailed = false
  for (const slot of slots) {
    if (slot.kind === 'sidecar' || slot.kind === 'ephemeral') continue
    if (slot.kind === 'init') {
      const isFailed = slot.state === 'finished' && slot.record !== undefined && slot.record.exitCode !== 0
      if (isFailed && restartPolicy === 'Never') return 'Failed'
      continue
    }
    if (slot.state !== 'finished') return undefined
    if (slot.record?.exitCode !== 0) hasFailed = true
  }
  return hasFailed ? 'Failed' : 'Succeeded'
}
