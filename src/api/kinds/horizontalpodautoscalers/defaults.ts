/** `SetDefaults_HorizontalPodAutoscaler` of pkg/apis/autoscaling/v2/defaults.go. */
import type {
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
  MetricTarget,
} from 'kubernetes-types/autoscaling/v2.js'
import { canonicalQuantity } from '../../quantity.ts'
import { changeField, decoding, fill, mapKept } from '../shared/fill.ts'
import { freezeDeep } from '../shared/freeze.ts'
import type { HorizontalPodAutoscaler } from './types.ts'

/** What is looked at when nothing is said: the processor, at four fifths of what pods asked for. */
export const DEFAULT_METRICS: MetricSpec[] = freezeDeep([
  {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
  },
])
const SCALE_UP = freezeDeep({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
})
const SCALE_DOWN = freezeDeep({
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
})

export const defaultHorizontalPodAutoscaler: (
  autoscaler: HorizontalPodAutoscaler,
) => HorizontalPodAutoscaler = decoding('HorizontalPodAutoscaler', 'v2', autoscaler =>
  changeField(autoscaler, 'spec', defaultSpec),
)

function defaultSpec(spec: HorizontalPodAutoscalerSpec): HorizontalPodAutoscalerSpec {
  let complete = fill(spec, { minReplicas: 1 })
  if (!complete.metrics?.length) complete = { ...complete, metrics: DEFAULT_METRICS }
  complete = changeField(complete, 'metrics', metrics => mapKept(metrics, canonicalMetric))
  return changeField(complete, 'behavior', defaultBehavior)
}

function defaultBehavior(behavior: HorizontalPodAutoscalerBehavior): HorizontalPodAutoscalerBehavior {
  return {
    ...behavior,
    scaleUp: fill(behavior.scaleUp ?? {}, SCALE_UP),
    scaleDown: fill(behavior.scaleDown ?? {}, SCALE_DOWN),
  }
}

function canonicalMetric(metric: MetricSpec): MetricSpec {
  let complete = metric
  for (const source of ['resource', 'containerResource', 'pods', 'object', 'external'] as const) {
    complete = changeField(complete, source, value => {
      const target = changeField(value, 'target', canonicalTarget)
      return target as never
    })
  }
  return complete
}

function canonicalTarget(target: MetricTarget): MetricTarget {
  return changeField(changeField(target, 'value', canonicalQuantity), 'averageValue', canonicalQuantity)
}
