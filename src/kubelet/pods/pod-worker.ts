/** What the kubelet keeps of one pod: where its machines stand, and what the runtime has made for it. */
import type {
  Container,
  PodCondition,
  PodSpec,
  PodStatus,
  VolumeMount,
  VolumeMountStatus,
} from 'kubernetes-types/core/v1.js'
import type { Pod } from '../../api/index.ts'
import type { Subject, Timer } from '../../sim/index.ts'
import type { ContainerRecord, Sandbox } from '../cri.ts'
import { type ContainerEvent, type ContainerState, containerLifecycle } from '../machines/container.ts'
import { type PodEvent, type PodState, podLifecycle } from '../machines/pod.ts'
import type { BackOff } from './back-off.ts'
import type { PodTokens } from './pod-tokens.ts'
import type { PodVolumes } from './volume-mounts.ts'

/**
 * `init` runs once before the others; `sidecar` is an init container that restarts always; `ephemeral` comes when
 * the pod runs, and never again.
 */
type SlotKind = 'init' | 'sidecar' | 'regular' | 'ephemeral'

/** One container of the spec, through all its restarts. */
export interface Slot {
  /** With the image and the resources it was given. */
  spec: Container
  readonly kind: SlotKind
  /** `spec.containers{nginx}`, as events name it. */
  readonly fieldPath: string
  /** The mounts as every status of it shows them; undefined when it has none. */
  readonly mounts: VolumeMountStatus[] | undefined
  state: ContainerState
  /** The container made last, and the one before it. */
  record: ContainerRecord | undefined
  previous: ContainerRecord | undefined
  /** Why it waits, where its state alone does not say. */
  waitingReason: string
  waitingMessage: string
  /** Startup probe passed, or none. */
  isStarted: boolean
  /** Readiness probe passed, or none. */
  isReady: boolean
  /** Killed over a probe: it starts again in the sync that killed it, which until then tells nobody. */
  isReplaced: boolean
  crashBackOff: BackOff | undefined
  imageBackOff: BackOff | undefined
  timer: Timer | undefined
}

export interface PodWorker {
  readonly uid: string
  /** `namespace/name` */
  readonly key: string
  readonly subject: Subject
  /** When this kubelet saw it first; what probes count their periods from. */
  readonly admittedMs: number
  readonly startTime: string
  /** Init containers first, in the order of the spec; ephemeral ones last, as they come. */
  slots: readonly Slot[]
  /** As known last, from the watch or from an answer. */
  pod: Pod
  /** The spec that its containers were last compared with; undefined after they were adopted. */
  followedSpec: PodSpec | undefined
  /** Why it has not got what it was resized to, and that it is just getting it. */
  pendingResize: PodCondition | undefined
  resizeInProgress: PodCondition | undefined
  state: PodState
  sandbox: Sandbox | undefined
  sandboxAttempts: number
  ips: readonly string[]
  /** Made when the first container that mounts them is. */
  volumes: PodVolumes | undefined
  /** The service account tokens in its volumes; made with them. */
  tokens: PodTokens | undefined
  /** Set when the kubelet itself ends the pod: rejected, or out of time. */
  verdict: { readonly reason: string; readonly message: string } | undefined
  /** No longer in the API. */
  isDeleted: boolean
  /** Waits for the next relist. */
  isDirty: boolean
  timer: Timer | undefined
  deadline: Timer | undefined
  /** What it should be told of; see StatusManager. */
  status: PodStatus | undefined
  isStatusSending: boolean
  isStatusStale: boolean
}

export function newWorker(
  pod: Pod,
  at: { readonly key: string; readonly subject: Subject; readonly nowMs: number; readonly timestamp: string },
): PodWorker {
  const { containers, initContainers } = pod.spec
  const regular = containers.map(spec => newSlot(spec, 'regular'))
  const init = initContainers?.map(spec =>
    newSlot(spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init'),
  )
  return {
    uid: pod.metadata.uid,
    key: at.key,
    subject: at.subject,
    admittedMs: at.nowMs,
    startTime: pod.status.startTime ?? at.timestamp,
    slots: init ? [...init, ...regular] : regular,
    pod,
    followedSpec: pod.spec,
    pendingResize: undefined,
    resizeInProgress: undefined,
    state: podLifecycle.initial,
    sandbox: undefined,
    sandboxAttempts: 0,
    ips: [],
    volumes: undefined,
    tokens: undefined,
    verdict: undefined,
    isDeleted: false,
    isDirty: false,
    timer: undefined,
    deadline: undefined,
    status: undefined,
    isStatusSending: false,
    isStatusStale: false,
  }
}

/** Takes in ephemeral containers that the pod has got since; true when there were any. */
export function takeInEphemeral(worker: PodWorker): boolean {
  const wanted = worker.pod.spec.ephemeralContainers
  if (!wanted) return false
  const fresh = wanted.filter(({ name }) => !worker.slots.some(({ spec }) => spec.name === name))
  if (fresh.length === 0) return false
  worker.slots = [...worker.slots, ...fresh.map(spec => newSlot(spec as Container, 'ephemeral'))]
  return true
}

const LISTS: Readonly<Record<SlotKind, string>> = {
  init: 'spec.initContainers',
  sidecar: 'spec.initContainers',
  regular: 'spec.containers',
  ephemeral: 'spec.ephemeralContainers',
}

function newSlot(spec: Container, kind: SlotKind): Slot {
  const list = LISTS[kind]
  return {
    spec,
    kind,
    fieldPath: `${list}{${spec.name}}`,
    mounts: spec.volumeMounts?.length ? spec.volumeMounts.map(mountStatus) : undefined,
    state: containerLifecycle.initial,
    record: undefined,
    previous: undefined,
    waitingReason: '',
    waitingMessage: '',
    isStarted: false,
    isReady: false,
    isReplaced: false,
    crashBackOff: undefined,
    imageBackOff: undefined,
    timer: undefined,
  }
}

function mountStatus({ mountPath, name, readOnly }: VolumeMount): VolumeMountStatus {
  return readOnly ? { mountPath, name, readOnly, recursiveReadOnly: 'Disabled' } : { mountPath, name }
}

/** Moves the pod's machine; true when it reacted. */
export function tellPod(worker: PodWorker, event: PodEvent): boolean {
  const doesReact = podLifecycle.reacts(worker.state, event)
  worker.state = podLifecycle.next(worker.state, event)
  return doesReact
}

/** Moves a container's machine; true when it reacted. */
export function tell(slot: Slot, event: ContainerEvent): boolean {
  const doesReact = containerLifecycle.reacts(slot.state, event)
  slot.state = containerLifecycle.next(slot.state, event)
  return doesReact
}

/** Whether the runtime has a live process for it. */
export function isRunning(slot: Slot): boolean {
  return slot.record?.state === 'running'
}

/** Between being chosen to start and running: others of the pod wait for it. */
export function isStarting(slot: Slot): boolean {
  return slot.state === 'pulling' || slot.state === 'creating' || slot.state === 'postStart'
}

/** Between a kill over a probe and what starts in its place: upstream's worker is busy, and says nothing. */
export function isBeingReplaced({ isReplaced, state }: Slot): boolean {
  return isReplaced && (state === 'exited' || state === 'pulling' || state === 'creating')
}

/** No more containers will run in it. */
export function isTerminal(worker: PodWorker): boolean {
  switch (worker.state) {
    case 'terminated':
    case 'deleting':
    case 'gone':
      return true
    default:
      return false
  }
}

export function isTerminating(worker: PodWorker): boolean {
  return worker.state === 'terminating' || worker.state === 'tearingDown' || isTerminal(worker)
}

/** `web_default(6f0c...)`: how messages name a pod. */
export function podFullName(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`
}
