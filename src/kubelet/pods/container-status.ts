/** One container's status as the API has it, from its slot: mirrors `convertToAPIContainerStatuses`. */
import type { ContainerState, ContainerStatus } from 'kubernetes-types/core/v1.js'
import { formatTime } from '../../sim/index.ts'
import type { ContainerRecord } from '../cri.ts'
import type { Slot } from './pod-worker.ts'

export interface ContainerStatusOptions {
  /** Init containers come first: those behind them wait for the pod to be initialised. */
  readonly hasInit: boolean
  /** Nothing of the pod will run again: what never ran is lost. */
  readonly isTerminal: boolean
}

export function containerStatus(slot: Slot, options: ContainerStatusOptions): ContainerStatus {
  const { spec, record, previous } = slot
  const state = currentState(slot, options)
  const isUp = state.running !== undefined
  const isStarted = isUp && slot.isStarted && slot.state !== 'postStart'
  const last = state.waiting && record?.state === 'exited' ? record : previous
  const status: ContainerStatus = {
    name: spec.name,
    state,
    lastState: last ? { terminated: terminated(last) } : NEVER_ENDED,
    ready: slot.kind === 'init' ? state.terminated?.exitCode === 0 : isStarted && slot.isReady,
    restartCount: record?.config.restartCount ?? 0,
    image: record?.imageReference ?? spec.image ?? '',
    imageID: record?.imageId ?? '',
  }
  if (record) status.containerID = `containerd://${record.id}`
  status.started = isStarted
  if (isUp && spec.resources) {
    if (spec.resources.requests) status.allocatedResources = spec.resources.requests
    status.resources = record?.resources ?? spec.resources
  }
  if (slot.mounts) status.volumeMounts = slot.mounts
  return status
}

const NEVER_ENDED: ContainerState = Object.freeze({})

function currentState(slot: Slot, { hasInit, isTerminal }: ContainerStatusOptions): ContainerState {
  const { record } = slot
  switch (slot.state) {
    case 'running':
    case 'postStart':
    case 'stopping':
      if (record?.state === 'running') return { running: { startedAt: formatTime(record.startedMs) } }
      break
    case 'imageBackOff':
    case 'crashBackOff':
    case 'configError':
      return { waiting: { reason: slot.waitingReason, message: slot.waitingMessage } }
  }
  if (record?.state === 'exited') {
    // One that could not start and will be tried again waits, in the kubelet's view.
    const isTriedAgain = slot.state === 'exited' || slot.state === 'pulling' || slot.state === 'creating'
    if (record.reason === 'StartError' && isTriedAgain) {
      return { waiting: { reason: 'RunContainerError', message: slot.waitingMessage } }
    }
    return { terminated: terminated(record) }
  }
  if (isTerminal && !(hasInit && slot.kind === 'regular')) return LOST
  return hasInit ? INITIALIZING : CREATING
}

const CREATING: ContainerState = Object.freeze({ waiting: Object.freeze({ reason: 'ContainerCreating' }) })
const INITIALIZING: ContainerState = Object.freeze({ waiting: Object.freeze({ reason: 'PodInitializing' }) })
const LOST: ContainerState = Object.freeze({
  terminated: Object.freeze({
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
    startedAt: null as unknown as string,
    finishedAt: null as unknown as string,
  }),
})

function terminated(record: ContainerRecord): NonNullable<ContainerState['terminated']> {
  const ended = {
    exitCode: record.exitCode,
    reason: record.reason,
    startedAt: formatTime(record.startedMs),
    finishedAt: formatTime(record.finishedMs),
    containerID: `containerd://${record.id}`,
  }
  return record.message === '' ? ended : { ...ended, message: record.message }
}
