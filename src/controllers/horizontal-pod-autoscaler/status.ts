/** The status of an autoscaler and its conditions; mirrors `setStatus` and `setConditionInList`. */
import type { HorizontalPodAutoscalerCondition, MetricStatus } from 'kubernetes-types/autoscaling/v2.js'
import type { HorizontalPodAutoscaler } from '../../api/index.ts'

type Status = HorizontalPodAutoscaler['status']

export interface Finding {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** Sets conditions one after another: a later one of a type replaces an earlier one. */
export function withFindings(status: Status, findings: readonly Finding[], timestamp: string): Status {
  let conditions: readonly HorizontalPodAutoscalerCondition[] = status.conditions ?? []
  for (const finding of findings) {
    const old = conditions.find(({ type }) => type === finding.type)
    const lastTransitionTime = old?.status === finding.status ? old.lastTransitionTime : timestamp
    const next = {
      type: finding.type,
      status: finding.status,
      lastTransitionTime,
      reason: finding.reason,
      message: finding.message,
    }
    conditions = old ? conditions.map(one => (one === old ? next : one)) : [...conditions, next]
  }
  return { ...status, conditions: [...conditions] }
}

/** Sizes and metrics, and the time of a scaling. */
export function withSizes(
  { metadata, status }: HorizontalPodAutoscaler,
  currentReplicas: number,
  desiredReplicas: number,
  metrics: readonly MetricStatus[] | undefined,
  scaledAt: string | undefined,
): Status {
  const { lastScaleTime, conditions } = status
  const time = scaledAt ?? lastScaleTime
  return {
    ...(metadata.generation && { observedGeneration: metadata.generation }),
    ...(time && { lastScaleTime: time }),
    currentReplicas,
    desiredReplicas,
    currentMetrics: metrics ? [...metrics] : null,
    ...(conditions && { conditions }),
  } as Status
}
