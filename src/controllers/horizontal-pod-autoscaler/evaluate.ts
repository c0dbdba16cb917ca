/**
 * What all metrics of an autoscaler ask for together. Mirrors `computeReplicasForMetrics`; metrics other than pods' and
 * containers' resources have no API to come from, and say so.
 */
import type { MetricSpec, MetricStatus, MetricTarget } from 'kubernetes-types/autoscaling/v2.js'
import type { ContainerUsage, HorizontalPodAutoscaler, Pod } from '../../api/index.ts'
import { measurementsByPod, quantityText, thousandths, usageByPod } from './metrics.ts'
import { type Answer, replicasFor, type Target } from './replica-calculator.ts'

export interface Failure {
  /** `FailedGetResourceMetric` */
  readonly reason: string
  readonly message: string
}

export type Evaluation =
  | {
      readonly replicas: number
      /** What asked for the most: `cpu resource utilization (percentage of request)`. */
      readonly metric: string
      readonly statuses: readonly MetricStatus[]
      readonly failures: readonly Failure[]
    }
  | { readonly error: string; readonly failures: readonly Failure[] }

interface Facts {
  readonly current: number
  readonly pods: readonly Pod[]
  readonly usages: readonly ContainerUsage[]
  readonly nowMs: number
}

type Measured =
  | { readonly replicas: number; readonly metric: string; readonly status: MetricStatus }
  | { readonly failure: Failure; readonly error: string }

export function evaluate({ spec }: HorizontalPodAutoscaler, facts: Facts): Evaluation {
  const metrics = spec.metrics ?? []
  const failures: Failure[] = []
  const statuses: MetricStatus[] = []
  let firstError: string | undefined
  let [replicas, name] = [0, '']
  for (const metric of metrics) {
    const measured = measure(metric, facts)
    if ('failure' in measured) {
      failures.push(measured.failure)
      firstError ??= measured.error
      continue
    }
    statuses.push(measured.status)
    if (statuses.length === 1 || measured.replicas > replicas) {
      replicas = measured.replicas
      name = measured.metric
    }
  }
  // What cannot be seen might ask for more: nothing is scaled down then.
  if (firstError !== undefined && (statuses.length === 0 || replicas < facts.current)) {
    const count = `invalid metrics (${failures.length} invalid out of ${metrics.length})`
    return { error: `${count}, first error is: ${firstError}`, failures }
  }
  return { replicas, metric: name, statuses, failures }
}

function measure(metric: MetricSpec, facts: Facts): Measured {
  if (metric.type === 'Resource' && metric.resource) {
    const { name, target } = metric.resource
    const answer = ask(name, target, undefined, facts)
    const of = 'resource'
    return settled(
      answer,
      name,
      target,
      of,
      'FailedGetResourceMetric',
      `${name} resource metric value`,
      current => ({
        type: 'Resource',
        resource: { name, current },
      }),
    )
  }
  if (metric.type === 'ContainerResource' && metric.containerResource) {
    const { name, container, target } = metric.containerResource
    const answer = ask(name, target, container, facts)
    const what = `${name} container metric value`
    return settled(
      answer,
      name,
      target,
      'container resource',
      'FailedGetContainerResourceMetric',
      what,
      current => ({
        type: 'ContainerResource',
        containerResource: { name, container, current },
      }),
    )
  }
  return withoutApi(metric)
}

/** Nobody serves custom or external metrics. */
function withoutApi({ type, pods, object, external }: MetricSpec): Measured {
  const { name = '' } = (pods ?? object ?? external)?.metric ?? {}
  const api = type === 'External' ? 'external' : 'custom'
  const message = `unable to get ${type === 'External' ? 'external ' : ''}metric ${name}: unable to fetch metrics from ${api} metrics API: the server could not find the requested resource (get ${name}.${api}.metrics.k8s.io)`
  const failure = { reason: `FailedGet${type}Metric`, message }
  return { failure, error: `failed to get ${type.toLowerCase()} metric value: ${message}` }
}

function ask(name: string, target: MetricTarget, container: string | undefined, facts: Facts): Answer {
  const wanted = targetOf(name, target)
  if (!wanted)
    return {
      error: 'invalid resource metric source: neither a utilization target nor a value target was set',
    }
  const usage = usageByPod(facts.usages, facts.pods, name, container)
  if (usage.size === 0 && facts.pods.length > 0) {
    return {
      error: `unable to get metrics for resource ${name}: no metrics returned from resource metrics API`,
    }
  }
  const measurements = measurementsByPod(facts.usages, facts.pods)
  return replicasFor({ ...facts, measurements, usage, resource: name, container, target: wanted })
}

function targetOf(name: string, { averageUtilization, averageValue }: MetricTarget): Target | undefined {
  if (averageValue !== undefined) return { average: thousandths(averageValue, name) }
  return averageUtilization === undefined ? undefined : { percent: averageUtilization }
}

function settled(
  answer: Answer,
  name: string,
  target: MetricTarget,
  of: string,
  reason: string,
  what: string,
  statusOf: (current: { averageUtilization?: number; averageValue: string }) => MetricStatus,
): Measured {
  const isShare = target.averageValue === undefined
  if ('error' in answer) {
    const message = `failed to get ${name} ${isShare ? 'utilization' : 'usage'}: ${answer.error}`
    return { failure: { reason, message }, error: `failed to get ${what}: ${message}` }
  }
  const { replicas, utilization, average } = answer
  return {
    replicas,
    metric: `${name} ${of}${isShare ? ' utilization (percentage of request)' : ''}`,
    status: statusOf({
      ...(utilization !== undefined && { averageUtilization: utilization }),
      averageValue: quantityText(average),
    }),
  }
}
