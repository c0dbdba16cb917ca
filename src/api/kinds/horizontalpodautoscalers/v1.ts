/**
 * autoscaling/v1 of HorizontalPodAutoscalers: a target for the processor, and annotations for all that v1 has no
 * fields for. Mirrors pkg/apis/autoscaling/v1/conversion.go.
 */
import type {
  HorizontalPodAutoscalerSpec as SpecV1,
  HorizontalPodAutoscalerStatus as StatusV1,
} from 'kubernetes-types/autoscaling/v1.js'
import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2.js'
import { defineKind } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { columnsOfStored } from '../shared/columns.ts'
import { horizontalPodAutoscalerColumns } from './columns.ts'
import { DEFAULT_METRICS } from './defaults.ts'
import { HorizontalPodAutoscalers } from './index.ts'
import { metricFromV1, metricToV1, statusFromV1, statusToV1 } from './metrics-v1.ts'
import type { HorizontalPodAutoscaler } from './types.ts'

interface HorizontalPodAutoscalerV1 extends KubeObject {
  spec: SpecV1
  status: Partial<StatusV1>
}

const PREFIX = 'autoscaling.alpha.kubernetes.io/'
const METRICS = `${PREFIX}metrics`
const BEHAVIOR = `${PREFIX}behavior`
const CONDITIONS = `${PREFIX}conditions`
const CURRENT_METRICS = `${PREFIX}current-metrics`

export const HorizontalPodAutoscalersV1 = defineKind<HorizontalPodAutoscalerV1>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  columns: columnsOfStored(horizontalPodAutoscalerColumns, toStored),
  storedAs: {
    kind: HorizontalPodAutoscalers,
    toStored: object => toStored(object as HorizontalPodAutoscalerV1),
    fromStored: object => fromStored(object as HorizontalPodAutoscaler),
  },
})

function toStored(object: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const { annotations = {} } = object.metadata
  const { targetCPUUtilizationPercentage: percentage, ...spec } = object.spec ?? ({} as SpecV1)
  const { currentCPUUtilizationPercentage: current, ...status } = object.status ?? {}
  const metrics = readList(annotations[METRICS])?.map(metricFromV1) ?? []
  if (percentage != null) metrics.unshift(processorMetric(percentage))
  const behavior = readJson(annotations[BEHAVIOR]) as HorizontalPodAutoscaler['spec']['behavior']
  const currentMetrics = readList(annotations[CURRENT_METRICS])?.map(statusFromV1) ?? []
  if (current != null) currentMetrics.unshift(processorStatus(current))
  const conditions = readList(annotations[CONDITIONS])
  return {
    apiVersion: HorizontalPodAutoscalers.apiVersion,
    kind: object.kind,
    metadata: withAnnotations(object.metadata, {}),
    spec: { ...spec, metrics: metrics.length > 0 ? metrics : DEFAULT_METRICS, ...(behavior && { behavior }) },
    status: {
      ...status,
      ...(currentMetrics.length > 0 && { currentMetrics }),
      ...(conditions && { conditions: conditions as never }),
    },
  }
}

function fromStored(object: HorizontalPodAutoscaler): HorizontalPodAutoscalerV1 {
  const { metrics = [], behavior, ...spec } = object.spec
  const { currentMetrics, conditions, ...status } = object.status ?? {}
  const processor = metrics.find(metric => percentageOf(metric) !== undefined)
  const current = currentMetrics?.find(
    metric => isProcessor(metric) && metric.resource?.current.averageUtilization != null,
  )
  const percentage = processor && percentageOf(processor)
  const annotations = {
    [METRICS]: textOf(metrics.filter(metric => metric !== processor).map(metricToV1)),
    [BEHAVIOR]: behavior && JSON.stringify(behavior),
    [CONDITIONS]: textOf(conditions ?? []),
    [CURRENT_METRICS]: textOf((currentMetrics ?? []).filter(metric => metric !== current).map(statusToV1)),
  }
  return {
    apiVersion: HorizontalPodAutoscalersV1.apiVersion,
    kind: object.kind,
    metadata: withAnnotations(object.metadata, annotations),
    spec: { ...spec, ...(percentage !== undefined && { targetCPUUtilizationPercentage: percentage }) },
    status: {
      currentReplicas: 0,
      desiredReplicas: 0,
      ...status,
      ...(current && { currentCPUUtilizationPercentage: current.resource!.current.averageUtilization }),
    },
  }
}

/** Metadata with the version's own annotations as given, and only these; the same when there are none. */
function withAnnotations(
  metadata: KubeObject['metadata'],
  own: Readonly<Record<string, string | undefined>>,
): KubeObject['metadata'] {
  const { annotations: given, ...rest } = metadata
  const others = Object.entries(given ?? {}).filter(([name]) => !name.startsWith(PREFIX))
  const added = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined)
  if (added.length === 0 && others.length === Object.keys(given ?? {}).length) return metadata
  const annotations = Object.fromEntries([...others, ...added])
  return Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest
}

function isProcessor(metric: MetricSpec | MetricStatus): boolean {
  return metric.type === 'Resource' && metric.resource?.name === 'cpu'
}

function percentageOf(metric: MetricSpec): number | undefined {
  return isProcessor(metric) ? (metric.resource?.target.averageUtilization ?? undefined) : undefined
}

function processorMetric(averageUtilization: number): MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }
}

function processorStatus(averageUtilization: number): MetricStatus {
  return { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } }
}

function textOf(list: readonly unknown[]): string | undefined {
  return list.length > 0 ? JSON.stringify(list) : undefined
}

/** Annotations are people's: what is no JSON says nothing. */
function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readList(text: string | undefined): Record<string, unknown>[] | undefined {
  const value = readJson(text)
  return Array.isArray(value) ? value : undefined
}
