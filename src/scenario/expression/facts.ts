/**
 * What expressions can ask of one object: small facts read off its status, zero, empty or false for objects that
 * are not there. A new question is a line in one of the three tables.
 */
import { isConditionTrue, type KubeObject } from '../../api/index.ts'

/** The parts of any kind's status and spec that are asked for. */
interface Anything extends KubeObject {
  readonly spec?: {
    readonly replicas?: number
    readonly completions?: number
    readonly nodeName?: string
    readonly unschedulable?: boolean
  }
  readonly status?: {
    readonly phase?: string
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly updatedReplicas?: number
    readonly desiredNumberScheduled?: number
    readonly currentNumberScheduled?: number
    readonly updatedNumberScheduled?: number
    readonly numberReady?: number
    readonly numberAvailable?: number
    readonly currentRevision?: string
    readonly updateRevision?: string
    readonly ready?: number
    readonly active?: number
    readonly succeeded?: number
    readonly failed?: number
    readonly containerStatuses?: readonly { readonly restartCount?: number }[]
  }
  readonly subsets?: readonly { readonly addresses?: readonly unknown[] }[]
}

type Fact<T> = (object: Anything) => T

/** Questions whose answer is a number. */
export const COUNTS: Readonly<Record<string, Fact<number>>> = {
  /** Replicas that are Ready; 1 or 0 for a pod or a node; addresses that a Service's Endpoints list. */
  ready: object => {
    const { status } = object
    if (object.kind === 'Pod' || object.kind === 'Node') return Number(isConditionTrue(object, 'Ready'))
    if (object.subsets)
      return object.subsets.reduce((sum, { addresses }) => sum + (addresses?.length ?? 0), 0)
    return status?.readyReplicas ?? status?.numberReady ?? status?.ready ?? 0
  },
  /** Replicas that have been Ready for minReadySeconds. */
  available: ({ status }) => status?.availableReplicas ?? status?.numberAvailable ?? 0,
  /** Replicas of the newest template. */
  updated: ({ status }) => status?.updatedReplicas ?? status?.updatedNumberScheduled ?? 0,
  /** Replicas that exist. */
  replicas: ({ status }) => status?.replicas ?? status?.currentNumberScheduled ?? status?.active ?? 0,
  /** Replicas that there should be. */
  desired: ({ spec, status }) => spec?.replicas ?? status?.desiredNumberScheduled ?? spec?.completions ?? 0,
  /** A Job's pods by how they ended. */
  active: ({ status }) => status?.active ?? 0,
  succeeded: ({ status }) => status?.succeeded ?? 0,
  failed: ({ status }) => status?.failed ?? 0,
  /** Restarts of all containers of a pod. */
  restarts: ({ status }) =>
    (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
}

/** Questions whose answer is a text. */
export const TEXTS: Readonly<Record<string, Fact<string>>> = {
  phase: ({ status }) => status?.phase ?? '',
  /** The node a pod is bound to. */
  node: ({ spec }) => spec?.nodeName ?? '',
}

/** Questions answered with yes or no. */
export const QUESTIONS: Readonly<Record<string, Fact<boolean>>> = {
  exists: () => true,
  /** A rollout is under way: what `kubectl rollout status` would wait for. */
  progressing: object => !isRolledOut(object),
  complete: object => (object.kind === 'Job' ? isConditionTrue(object, 'Complete') : isRolledOut(object)),
  scheduled: ({ spec }) => Boolean(spec?.nodeName),
  terminating: ({ metadata }) => metadata.deletionTimestamp !== undefined,
}

function isRolledOut(object: Anything): boolean {
  const { spec, status = {} } = object
  if ((status.observedGeneration ?? 0) < (object.metadata.generation ?? 0)) return false
  if (object.kind === 'DaemonSet') {
    const desired = status.desiredNumberScheduled ?? 0
    return (status.updatedNumberScheduled ?? 0) >= desired && (status.numberAvailable ?? 0) >= desired
  }
  const desired = spec?.replicas ?? 1
  if (object.kind === 'StatefulSet') {
    return (status.readyReplicas ?? 0) >= desired && status.updateRevision === status.currentRevision
  }
  const updated = status.updatedReplicas ?? 0
  return updated >= desired && (status.replicas ?? 0) <= updated && (status.availableReplicas ?? 0) >= updated
}
