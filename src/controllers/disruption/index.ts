/**
 * Keeps the status of PodDisruptionBudgets: how many pods there should be, how many are healthy, how many may be
 * evicted. Mirrors `pkg/controller/disruption`. The condition DisruptionTarget of pods whose disruption did not
 * happen is not taken back.
 */
import {
  labelSelector,
  type Pod,
  type PodDisruptionBudget,
  PodDisruptionBudgets,
  Pods,
  semanticEqual,
} from '../../api/index.ts'
import {
  type CacheIndex,
  type Controller,
  DONE,
  type Intent,
  type Outcome,
  type View,
} from '../../client/index.ts'
import { isPodReady } from '../shared/pod-state.ts'
import { PODS_BY_NAMESPACE } from '../shared/service-pods.ts'
import { expectationOf } from './expected-pods.ts'

type Status = PodDisruptionBudget['status']

/** How long an evicted pod may go on living before its disruption is given back. */
const DELETION_TIMEOUT_MS = 120_000

const BUDGETS_BY_NAMESPACE: CacheIndex<PodDisruptionBudget> = {
  kind: PodDisruptionBudgets,
  name: 'budgets-by-namespace',
  values: budget => [budget.metadata.namespace ?? ''],
  isSame: () => true,
}

export const disruptionController: Controller<PodDisruptionBudget> = {
  name: 'disruption',
  eventSource: 'controllermanager',
  kind: PodDisruptionBudgets,
  watches: [{ kind: Pods, keys: budgetsOf }],
  indexes: [BUDGETS_BY_NAMESPACE, PODS_BY_NAMESPACE],
  workers: 1,
  reconcile,
}

const NONE: readonly string[] = Object.freeze([])

/** The budgets that a change of a pod concerns; nearly always there are none in its namespace. */
function budgetsOf(pod: Pod, old: Pod | undefined, _event: string, view: View): readonly string[] {
  const { namespace = '' } = pod.metadata
  if (view.size(BUDGETS_BY_NAMESPACE, namespace) === 0) return NONE
  if (old && isSameToBudgets(pod, old)) return NONE
  const keys: string[] = []
  for (const budget of view.list(BUDGETS_BY_NAMESPACE, namespace)) {
    const selector = labelSelector(budget.spec.selector)
    const isSelected = selector.matches(pod.metadata.labels) || (old && selector.matches(old.metadata.labels))
    if (isSelected) keys.push(`${namespace}/${budget.metadata.name}`)
  }
  return keys
}

function isSameToBudgets(pod: Pod, old: Pod): boolean {
  return (
    pod.metadata.labels === old.metadata.labels &&
    pod.metadata.deletionTimestamp === old.metadata.deletionTimestamp &&
    pod.metadata.ownerReferences === old.metadata.ownerReferences &&
    isPodReady(pod) === isPodReady(old)
  )
}

function reconcile(budget: PodDisruptionBudget | undefined, view: View): Outcome {
  if (!budget) return DONE
  const { namespace = '' } = budget.metadata
  const selector = labelSelector(budget.spec.selector)
  const pods = view.list(PODS_BY_NAMESPACE, namespace).filter(pod => selector.matches(pod.metadata.labels))
  const intents: Intent[] = []
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    intents.push({ do: 'event', about: budget, type, reason, message })
  if (pods.length === 0) tell('Normal', 'NoPods', 'No matching pods found')
  const expectation = expectationOf(budget, pods, view)
  if (typeof expectation === 'string') {
    const why = `Failed to calculate the number of expected pods: ${expectation}`
    tell('Warning', 'CalculateExpectedPodCountFailed', why)
    return { intents: [...intents, ...writing(budget, failed(budget, expectation, view.timestamp))] }
  }
  if (expectation.unmanaged.length > 0) {
    const shown = `Pods selected by this PodDisruptionBudget (selector: ${goSelector(budget)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`
    tell('Warning', 'UnmanagedPods', shown)
  }
  const { disruptedPods, recheckMs } = stillDisrupted(budget, pods, view.nowMs)
  const currentHealthy = pods.filter(pod => isHealthy(pod, disruptedPods)).length
  const { expectedCount, desiredHealthy } = expectation
  const spare = currentHealthy - desiredHealthy
  const disruptionsAllowed = expectedCount <= 0 || spare <= 0 ? 0 : spare
  const counted: Status = {
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods: expectedCount,
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
  }
  const conditions = withCondition(budget, disruptionsAllowed > 0 ? SUFFICIENT : INSUFFICIENT, view.timestamp)
  intents.push(...writing(budget, { ...counted, conditions }))
  return recheckMs === undefined ? { intents } : { intents, requeueAfterMs: recheckMs }
}

/** As Go prints a LabelSelector in an event. */
function goSelector({ spec }: PodDisruptionBudget): string {
  return labelSelector(spec.selector).text
}

interface Disrupted {
  readonly disruptedPods: Readonly<Record<string, string>>
  /** When the first of them should have gone. */
  readonly recheckMs: number | undefined
}

/** Evicted pods that are not being deleted yet. */
function stillDisrupted(budget: PodDisruptionBudget, pods: readonly Pod[], nowMs: number): Disrupted {
  const disruptedPods: Record<string, string> = {}
  const noted = budget.status.disruptedPods
  let recheckMs: number | undefined
  if (noted) {
    for (const { metadata } of pods) {
      const time = noted[metadata.name]
      if (time === undefined || metadata.deletionTimestamp) continue
      const leftMs = Date.parse(time) + DELETION_TIMEOUT_MS - nowMs
      if (leftMs < 0) continue
      disruptedPods[metadata.name] = time
      recheckMs = Math.min(recheckMs ?? Number.POSITIVE_INFINITY, leftMs + 1)
    }
  }
  return { disruptedPods, recheckMs }
}

function isHealthy(pod: Pod, disruptedPods: Readonly<Record<string, string>>): boolean {
  if (pod.metadata.deletionTimestamp || disruptedPods[pod.metadata.name] !== undefined) return false
  return isPodReady(pod)
}

interface Verdict {
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

const SUFFICIENT: Verdict = Object.freeze({ status: 'True', reason: 'SufficientPods', message: '' })
const INSUFFICIENT: Verdict = Object.freeze({ status: 'False', reason: 'InsufficientPods', message: '' })

/** Nothing may be disrupted while nothing is known. */
function failed(budget: PodDisruptionBudget, message: string, timestamp: string): Status {
  const verdict: Verdict = { status: 'False', reason: 'SyncFailed', message }
  const conditions = withCondition(budget, verdict, timestamp)
  return {
    ...budget.status,
    disruptionsAllowed: 0,
    observedGeneration: budget.metadata.generation,
    conditions,
  }
}

function withCondition(
  budget: PodDisruptionBudget,
  verdict: Verdict,
  timestamp: string,
): Status['conditions'] {
  const present = budget.status.conditions ?? []
  const old = present.find(({ type }) => type === 'DisruptionAllowed')
  const condition = {
    type: 'DisruptionAllowed',
    ...verdict,
    lastTransitionTime: old?.status === verdict.status ? old.lastTransitionTime : timestamp,
    observedGeneration: budget.metadata.generation,
  }
  return old ? present.map(one => (one === old ? condition : one)) : [...present, condition]
}

function writing(budget: PodDisruptionBudget, status: Status): Intent[] {
  if (semanticEqual(status, budget.status)) return []
  return [
    {
      do: 'update',
      kind: PodDisruptionBudgets,
      object: { ...budget, status } as PodDisruptionBudget,
      subresource: 'status',
    },
  ]
}
