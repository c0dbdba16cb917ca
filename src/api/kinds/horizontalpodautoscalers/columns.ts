/** `kubectl get horizontalpodautoscalers` */
import type {
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from 'kubernetes-types/autoscaling/v2.js'
import type { Column } from '../../define-kind.ts'
import { column, NONE, UNKNOWN, UNSET } from '../shared/columns.ts'
import type { HorizontalPodAutoscaler } from './types.ts'

/** More metrics than these are counted only. */
const SHOWN_METRICS = 2

export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  column('Reference', 'string', ({ spec: { scaleTargetRef: target } }) => `${target.kind}/${target.name}`),
  column('Targets', 'string', targetsText),
  column('MinPods', 'string', ({ spec }) => `${spec.minReplicas ?? UNSET}`),
  column('MaxPods', 'string', ({ spec }) => `${spec.maxReplicas}`),
  column('Replicas', 'string', ({ status }) => `${status.currentReplicas ?? 0}`),
]

function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? []
  if (metrics.length === 0) return NONE
  const shown = metrics
    .slice(0, SHOWN_METRICS)
    .map((metric, i) => metricText(metric, status.currentMetrics?.[i]))
    .join(', ')
  const more = metrics.length - SHOWN_METRICS
  return more > 0 ? `${shown} + ${more} more...` : shown
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'Resource':
      return `${metric.resource?.name}: ${usageText(metric.resource?.target, status?.resource?.current)}`
    case 'ContainerResource': {
      const { name, target } = metric.containerResource ?? {}
      return `${name}: ${usageText(target, status?.containerResource?.current)}`
    }
    case 'Pods': {
      const { averageValue } = metric.pods?.target ?? {}
      return `${status?.pods?.current.averageValue ?? UNKNOWN}/${averageValue}`
    }
    case 'Object':
      return valueText(metric.object?.target, status?.object?.current)
    case 'External':
      return valueText(metric.external?.target, status?.external?.current)
    default:
      return '<unknown type>'
  }
}

/** A resource: a share of what was asked for, or an amount a pod. */
function usageText(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) {
    return `${current?.averageValue ?? UNKNOWN}/${target.averageValue}`
  }
  const percent = (share: number | undefined, none: string) => (share === undefined ? none : `${share}%`)
  return `${percent(current?.averageUtilization, UNKNOWN)}/${percent(target?.averageUtilization, '<auto>')}`
}

function valueText(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) {
    return `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`
  }
  return `${current?.value ?? UNKNOWN}/${target?.value}`
}
