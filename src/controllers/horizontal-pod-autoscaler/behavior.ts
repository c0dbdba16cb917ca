/**
 * How fast the number of replicas may change: stabilisation windows, rate policies, bounds. Mirrors the normalising
 * part of `pkg/controller/podautoscaler/horizontal.go`, for autoscalers with a behaviour and without one.
 */
import type { HPAScalingRules } from 'kubernetes-types/autoscaling/v2.js'
import type { HorizontalPodAutoscaler } from '../../api/index.ts'

/** `--horizontal-pod-autoscaler-downscale-stabilization` */
const DOWNSCALE_STABILISATION_MS = 300_000
/** Without a behaviour the number doubles at most, or goes to this. */
const SCALE_UP_FACTOR = 2
const SCALE_UP_MINIMUM = 4

/** What was recommended, or by how much was scaled, and when. */
export interface Remembered {
  readonly atMs: number
  readonly value: number
}

/** What the controller remembers of one autoscaler. */
export interface Memory {
  recommendations: Remembered[]
  ups: Remembered[]
  downs: Remembered[]
}

export interface Decided {
  readonly type: 'AbleToScale' | 'ScalingLimited'
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** The number that is scaled to, and the conditions that say why. Enters the recommendation into `memory`. */
export function normalise(
  autoscaler: HorizontalPodAutoscaler,
  memory: Memory,
  current: number,
  wanted: number,
  nowMs: number,
): { readonly replicas: number; readonly conditions: readonly Decided[] } {
  const { minReplicas = 1, maxReplicas, behavior } = autoscaler.spec
  const stabilised = stabilise(behavior, memory, current, wanted, nowMs)
  const limited =
    stabilised.replicas > current
      ? limitUp(behavior?.scaleUp, memory, current, stabilised.replicas, maxReplicas, nowMs)
      : limitDown(behavior?.scaleDown, memory, current, stabilised.replicas, minReplicas, nowMs)
  const within = limited ?? bounded(stabilised.replicas, minReplicas, maxReplicas)
  const limit: Decided = {
    type: 'ScalingLimited',
    status: within.reason === WITHIN_RANGE.reason ? 'False' : 'True',
    reason: within.reason,
    message: within.message,
  }
  return { replicas: within.replicas, conditions: [stabilised.condition, limit] }
}

type Behavior = HorizontalPodAutoscaler['spec']['behavior']

function stabilise(behavior: Behavior, memory: Memory, current: number, wanted: number, nowMs: number) {
  const upMs = (behavior?.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000
  const downSeconds = behavior?.scaleDown?.stabilizationWindowSeconds
  const downMs = downSeconds === undefined ? DOWNSCALE_STABILISATION_MS : downSeconds * 1000
  const within = (ms: number) => memory.recommendations.filter(({ atMs }) => atMs > nowMs - ms)
  const lowest = Math.min(wanted, ...within(upMs).map(({ value }) => value))
  const highest = Math.max(wanted, ...within(downMs).map(({ value }) => value))
  memory.recommendations = [...within(Math.max(upMs, downMs)), { atMs: nowMs, value: wanted }]
  // Without a behaviour only the way down is smoothed, wherever the number stands now.
  const replicas = behavior ? Math.min(Math.max(current, lowest), highest) : highest
  const condition: Decided = {
    type: 'AbleToScale',
    status: 'True',
    ...(replicas === wanted
      ? { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
      : replicas > wanted
        ? {
            reason: 'ScaleDownStabilized',
            message:
              'recent recommendations were higher than current one, applying the highest recent recommendation',
          }
        : {
            reason: 'ScaleUpStabilized',
            message:
              'recent recommendations were lower than current one, applying the lowest recent recommendation',
          }),
  }
  return { replicas, condition }
}

const WITHIN_RANGE = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
} as const
const TOO_MANY = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
} as const
const TOO_FEW = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
} as const
const TOO_FAST_UP = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
} as const
const TOO_FAST_DOWN = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
} as const

interface Limited {
  readonly replicas: number
  readonly reason: string
  readonly message: string
}

function bounded(wanted: number, minimum: number, maximum: number): Limited {
  if (wanted > maximum) return { replicas: maximum, ...TOO_MANY }
  if (wanted < minimum) return { replicas: minimum, ...TOO_FEW }
  return { replicas: wanted, ...WITHIN_RANGE }
}

function limitUp(
  rules: HPAScalingRules | undefined,
  memory: Memory,
  current: number,
  wanted: number,
  maximum: number,
  nowMs: number,
): Limited | undefined {
  const fastest = rules
    ? Math.max(current, fastestUp(rules, memory, current, nowMs))
    : Math.max(SCALE_UP_FACTOR * current, SCALE_UP_MINIMUM)
  if (wanted <= Math.min(fastest, maximum)) return undefined
  return fastest < maximum ? { replicas: fastest, ...TOO_FAST_UP } : { replicas: maximum, ...TOO_MANY }
}

function limitDown(
  rules: HPAScalingRules | undefined,
  memory: Memory,
  current: number,
  wanted: number,
  minimum: number,
  nowMs: number,
): Limited | undefined {
  if (!rules || wanted >= current) return undefined
  const fastest = Math.min(current, fastestDown(rules, memory, current, nowMs))
  if (wanted >= Math.max(fastest, minimum)) return undefined
  return fastest > minimum ? { replicas: fastest, ...TOO_FAST_DOWN } : { replicas: minimum, ...TOO_FEW }
}

function fastestUp(rules: HPAScalingRules, memory: Memory, current: number, nowMs: number): number {
  if (rules.selectPolicy === 'Disabled') return current
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const before =
      current - changeIn(memory.ups, periodSeconds, nowMs) + changeIn(memory.downs, periodSeconds, nowMs)
    return type === 'Pods' ? before + value : Math.ceil(before * (1 + value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits)
}

function fastestDown(rules: HPAScalingRules, memory: Memory, current: number, nowMs: number): number {
  if (rules.selectPolicy === 'Disabled') return current
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const before =
      current - changeIn(memory.ups, periodSeconds, nowMs) + changeIn(memory.downs, periodSeconds, nowMs)
    return type === 'Pods' ? before - value : Math.floor(before * (1 - value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits)
}

function changeIn(changes: readonly Remembered[], periodSeconds: number, nowMs: number): number {
  let sum = 0
  for (const { atMs, value } of changes) if (atMs > nowMs - periodSeconds * 1000) sum += value
  return sum
}

/** The longest period of a policy: 30 minutes. */
const LONGEST_PERIOD_MS = 1_800_000

/** Writes a scaling down in the memory. */
export function rememberScaling(memory: Memory, change: number, nowMs: number): void {
  const recent = (changes: readonly Remembered[]) =>
    changes.filter(({ atMs }) => atMs > nowMs - LONGEST_PERIOD_MS)
  if (change > 0) memory.ups = [...recent(memory.ups), { atMs: nowMs, value: change }]
  else memory.downs = [...recent(memory.downs), { atMs: nowMs, value: -change }]
}
