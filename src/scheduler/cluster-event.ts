/**
 * What can happen in a cluster that may make a rejected pod fit: a resource and the actions on it, as specific as
 * can be told. Mirrors `ClusterEvent` and `events.go` of kube-scheduler's framework.
 */
import { deepEqual, type Node, type Pod } from '../api/index.ts'
import { isBeingResized, requestsOfPod } from './requests.ts'

/** Kinds of change; one bit each, so that a plugin registers for several at once. */
export const ACTION = Object.freeze({
  add: 1,
  delete: 1 << 1,
  updateNodeAllocatable: 1 << 2,
  updateNodeLabel: 1 << 3,
  updateNodeTaint: 1 << 4,
  updateNodeCondition: 1 << 5,
  updateNodeAnnotation: 1 << 6,
  updatePodLabel: 1 << 7,
  updatePodScaleDown: 1 << 8,
  updatePodToleration: 1 << 9,
  updatePodSchedulingGatesEliminated: 1 << 10,
  /** A change that is none of the above. */
  updateOther: 1 << 11,
})

/** A pod on a node and one without are different resources to those who wait. */
type EventResource = 'AssignedPod' | 'UnscheduledPod' | 'Node'

/** Something that happened: one resource, one action. Events are shared values; compare by reference freely. */
export interface ClusterEvent {
  readonly resource: EventResource
  readonly action: number
}

/** What a plugin registers for: `Pod` stands for pods on a node or not, `action` for any of its bits. */
export interface EventInterest {
  readonly resource: EventResource | 'Pod'
  readonly action: number
}

const event = (resource: EventResource, action: number): ClusterEvent => Object.freeze({ resource, action })

export const EVENTS = Object.freeze({
  nodeAdd: event('Node', ACTION.add),
  nodeDelete: event('Node', ACTION.delete),
  assignedPodAdd: event('AssignedPod', ACTION.add),
  assignedPodDelete: event('AssignedPod', ACTION.delete),
  unscheduledPodDelete: event('UnscheduledPod', ACTION.delete),
})

/** Whether whoever registered for `interest` wants to hear of `happened`. */
export function matches(interest: EventInterest, happened: ClusterEvent): boolean {
  if ((interest.action & happened.action) === 0) return false
  return (
    interest.resource === happened.resource || (interest.resource === 'Pod' && happened.resource !== 'Node')
  )
}

const NODE_ALLOCATABLE = event('Node', ACTION.updateNodeAllocatable)
const NODE_LABEL = event('Node', ACTION.updateNodeLabel)
const NODE_TAINT = event('Node', ACTION.updateNodeTaint)
const NODE_CONDITION = event('Node', ACTION.updateNodeCondition)
const NODE_ANNOTATION = event('Node', ACTION.updateNodeAnnotation)

/** What an update of a node means to pods that wait; nothing for a heartbeat. */
export function nodeChanges(node: Node, old: Node): readonly ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (differ(node.status?.allocatable, old.status?.allocatable)) events.push(NODE_ALLOCATABLE)
  if (differ(node.metadata.labels, old.metadata.labels)) events.push(NODE_LABEL)
  if (node.spec !== old.spec && hasOtherTaints(node, old)) events.push(NODE_TAINT)
  if (node.status?.conditions !== old.status?.conditions && conditionsOf(node) !== conditionsOf(old)) {
    events.push(NODE_CONDITION)
  }
  if (differ(node.metadata.annotations, old.metadata.annotations)) events.push(NODE_ANNOTATION)
  return events
}

function hasOtherTaints(node: Node, old: Node): boolean {
  if ((node.spec?.unschedulable ?? false) !== (old.spec?.unschedulable ?? false)) return true
  return differ(node.spec?.taints, old.spec?.taints)
}

/** Heartbeat times aside. */
function conditionsOf(node: Node): string {
  return (node.status?.conditions ?? []).map(condition => `${condition.type}=${condition.status}`).join()
}

type PodChanges = Readonly<Record<'label' | 'scaleDown' | 'toleration' | 'gatesEliminated', ClusterEvent>>
const podEvents = (resource: EventResource): PodChanges => ({
  label: event(resource, ACTION.updatePodLabel),
  scaleDown: event(resource, ACTION.updatePodScaleDown),
  toleration: event(resource, ACTION.updatePodToleration),
  gatesEliminated: event(resource, ACTION.updatePodSchedulingGatesEliminated),
})
const ASSIGNED = podEvents('AssignedPod')
const UNSCHEDULED = podEvents('UnscheduledPod')
const UNSCHEDULED_OTHER = [event('UnscheduledPod', ACTION.updateOther)]
const NOTHING: readonly ClusterEvent[] = []

/** What an update of a pod means to pods that wait, itself included; nothing when only its status moved. */
export function podChanges(pod: Pod, old: Pod): readonly ClusterEvent[] {
  const isSameSpec = pod.spec === old.spec && !isBeingResized(old)
  if (isSameSpec && pod.metadata.labels === old.metadata.labels) return NOTHING
  const changes = pod.spec.nodeName ? ASSIGNED : UNSCHEDULED
  const events: ClusterEvent[] = []
  if (differ(pod.metadata.labels, old.metadata.labels)) events.push(changes.label)
  if (!isSameSpec) {
    const [now, before] = [requestsOfPod(pod), requestsOfPod(old)]
    if (now.milliCpu < before.milliCpu || now.memoryBytes < before.memoryBytes) events.push(changes.scaleDown)
    if (differ(pod.spec.tolerations, old.spec.tolerations)) events.push(changes.toleration)
    if (old.spec.schedulingGates?.length && !pod.spec.schedulingGates?.length) {
      events.push(changes.gatesEliminated)
    }
  }
  return events.length === 0 && !pod.spec.nodeName ? UNSCHEDULED_OTHER : events
}

function differ(a: unknown, b: unknown): boolean {
  return a !== b && !deepEqual(a, b)
}
