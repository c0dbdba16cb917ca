/** The conditions of a pod that are the kubelet's to write: mirrors `pkg/kubelet/status/generate.go`. */
import type { ContainerStatus, PodCondition, PodSpec } from 'kubernetes-types/core/v1.js'
import { LIMITS } from '../../sim/index.ts'

export interface ConditionInput {
  readonly spec: PodSpec
  readonly phase: string
  readonly containers: readonly ContainerStatus[]
  readonly initContainers: readonly ContainerStatus[]
  readonly hasSandbox: boolean
  readonly before: readonly PodCondition[]
  readonly timestamp: string
  /** What there is to say of a resize. */
  readonly resize: readonly PodCondition[]
}

interface Verdict {
  readonly status: 'True' | 'False'
  readonly reason?: string
  readonly message?: string
}

const TRUE: Verdict = Object.freeze({ status: 'True' })
const FALSE: Verdict = Object.freeze({ status: 'False' })
const OWNED = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'PodResizePending',
  'PodResizeInProgress',
])
/** How Go prints a time that never was. */
const NEVER = null as unknown as string

/** All of them in upstream's order, with those of others kept behind. */
export function podConditions(input: ConditionInput): PodCondition[] {
  const containersReady = judgeContainers(input)
  const conditions = [
    ...input.resize,
    condition(input, 'PodReadyToStartContainers', input.hasSandbox ? TRUE : FALSE),
    condition(input, 'Initialized', judgeInitialized(input)),
    condition(input, 'Ready', judgeReady(input, containersReady)),
    condition(input, 'ContainersReady', containersReady),
    condition(input, 'PodScheduled', TRUE),
  ]
  for (const other of input.before) if (!OWNED.has(other.type)) conditions.push(other)
  return conditions
}

function condition({ before, timestamp }: ConditionInput, type: string, verdict: Verdict): PodCondition {
  const old = before.find(candidate => candidate.type === type)
  if (
    old?.status === verdict.status &&
    (old.reason || undefined) === verdict.reason &&
    (old.message || undefined) === verdict.message
  ) {
    return old
  }
  if (old?.status === verdict.status) return newCondition(type, verdict, old.lastTransitionTime)
  return turned(type, verdict, timestamp)
}

/** Pods by the hundred turn so in the same second: they share the condition that says it. */
function turned(type: string, verdict: Verdict, timestamp: string): PodCondition {
  if (timestamp !== turnedAt || known.size >= LIMITS.memoisedValues) {
    turnedAt = timestamp
    known.clear()
  }
  const { status, reason = '', message = '' } = verdict
  const key = `${type} ${status} ${reason} ${message}`
  let made = known.get(key)
  if (!made) {
    made = Object.freeze(newCondition(type, verdict, timestamp))
    known.set(key, made)
  }
  return made
}
const known = new Map<string, PodCondition>()
let turnedAt = ''

function newCondition(type: string, verdict: Verdict, lastTransitionTime: string | undefined): PodCondition {
  const made: PodCondition = { type, status: verdict.status, lastProbeTime: NEVER, lastTransitionTime }
  if (verdict.reason) made.reason = verdict.reason
  if (verdict.message) made.message = verdict.message
  return made
}

function judgeContainers({ spec, phase, containers, initContainers }: ConditionInput): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  const unready: string[] = []
  const see = (status: ContainerStatus) => {
    if (!status.ready) unready.push(status.name)
  }
  spec.initContainers?.forEach((container, i) => {
    if (container.restartPolicy === 'Always') see(initContainers[i]!)
  })
  for (const status of containers) see(status)
  if (unready.length === 0) return TRUE
  const message = `containers with unready status: [${unready.join(' ')}]`
  return { status: 'False', reason: 'ContainersNotReady', message }
}

function judgeReady({ spec, before }: ConditionInput, containersReady: Verdict): Verdict {
  if (containersReady.status !== 'True' || !spec.readinessGates?.length) return containersReady
  const messages: string[] = []
  for (const { conditionType } of spec.readinessGates) {
    const gate = before.find(({ type }) => type === conditionType)
    if (!gate) {
      messages.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    } else if (gate.status !== 'True') {
      messages.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`)
    }
  }
  if (messages.length === 0) return TRUE
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

function judgeInitialized({ spec, phase, containers, initContainers }: ConditionInput): Verdict {
  if (!spec.initContainers?.length)
    return phase === 'Succeeded' ? { status: 'True', reason: 'PodCompleted' } : TRUE
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' }
  const hasBegun = containers.some(({ containerID }) => containerID !== undefined)
  if (hasBegun) return TRUE
  const incomplete = initContainers.filter((status, i) =>
    spec.initContainers![i]!.restartPolicy === 'Always' ? !status.started : !status.ready,
  )
  if (incomplete.length === 0) return TRUE
  const message = `containers with incomplete status: [${incomplete.map(({ name }) => name).join(' ')}]`
  return { status: 'False', reason: 'ContainersNotInitialized', message }
}
